"""PU-06: what a publisher says about a file, and the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.store.criteria import Criterion
from apps.store.forms.values import DayField, token_field
from apps.store.models import Evidence
from apps.store.services import evidence
from apps.store.services.evidence_files import ACCEPT
from apps.ui.forms import EnsForm

SHORT = 110  # letters of a criterion in a list of choices
_USES = [(use.value, use.label) for use in (Evidence.Use.EVIDENCE, Evidence.Use.LOGO, Evidence.Use.SCREENSHOT)]
FILE_HELP = gettext_lazy(
    "PDF, PNG, JPEG, CSV or XLSX, 20 MB at most. Nobody opens it before the antivirus has looked at it."
)


class UploadField(forms.FileField):
    """A file whose content alone says what it is."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        missing = gettext_lazy("Choose a file. If you did, it is larger than 20 MB or the sending was cut.")
        super().__init__(
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": ACCEPT}),
            error_messages={"required": missing},
            max_length=None,
            **kwargs,
        )


class EvidenceForm(EnsForm):
    """`asked`: criteria that apply to the dossier; `needs_file` False: the file may stay as it is."""

    token = token_field()
    upload = UploadField(label=gettext_lazy("File"), help_text=FILE_HELP)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What the reader finds in it, for example « Report of the intrusion test »."),
        max_length=evidence.TITLE_AT_MOST,
        error_messages={"required": gettext_lazy("Give a title.")},
    )
    use = forms.ChoiceField(label=gettext_lazy("What it is for"), choices=_USES, widget=forms.RadioSelect)
    alternative = forms.CharField(
        label=gettext_lazy("Alternative text of a screenshot"),
        help_text=gettext_lazy("What somebody who does not see the picture has to know. Only for screenshots."),
        max_length=300,
        required=False,
    )
    issued_on = DayField(
        label=gettext_lazy("Date of the document"), help_text=gettext_lazy("For an audit: its day."), required=False
    )
    valid_until = DayField(
        label=gettext_lazy("Valid until"),
        help_text=gettext_lazy("For a certificate: its last day. We remind you 90, 30 and 7 days before."),
        required=False,
    )
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("Criteria that it proves"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own signature
        asked: Sequence[Criterion],
        needs_file: bool = True,
        **kwargs: Any,  # noqa: ANN401  Django's own signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criteria"].choices = [(one.code, criterion_words(one)) for one in asked]
        self.fields["upload"].required = needs_file
        if not needs_file:
            self.fields["upload"].label = _("New version of the file")

    def clean(self) -> dict[str, Any]:
        """A screenshot has its text, an end comes after its beginning."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("use") == Evidence.Use.SCREENSHOT and not found.get("alternative"):
            self.add_error("alternative", _("Describe the screenshot in words."))
        issued, ends = found.get("issued_on"), found.get("valid_until")
        if issued and ends and ends < issued:
            self.add_error("valid_until", _("The end comes before the date of the document."))
        return found

    def description(self) -> evidence.Description:
        """Only after `is_valid`."""
        found = self.cleaned_data
        issued: date | None = found["issued_on"]
        return evidence.Description(
            title=found["title"],
            use=found["use"],
            criteria=tuple(found["criteria"]),
            alternative=found["alternative"],
            issued_on=issued,
            valid_until=found["valid_until"],
        )


def upload_of(file: Any, *, token: UUID | None = None) -> evidence.Upload | None:  # noqa: ANN401  what a form gives
    """Name and bytes of what the browser sent; None without a file. `token`: id of the piece that it becomes."""
    if not isinstance(file, UploadedFile):  # a field without a file gives None or an empty text
        return None
    return evidence.Upload(name=file.name or "", data=file.read(), token=token)


def criterion_words(criterion: Criterion) -> str:
    """Code and the beginning of its question."""
    return f"{criterion.code}\u00a0: {Truncator(criterion.question).chars(SHORT)}"
