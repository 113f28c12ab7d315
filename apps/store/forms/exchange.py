"""PU-08 to PU-10: words against a result, messages, answers to requests, appeals, the signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.store.criteria import Criterion
from apps.store.forms.evidence import FILE_HELP, UploadField, criterion_words
from apps.store.forms.values import text_area, token_field
from apps.store.models import Appeal, Evidence
from apps.store.services import appealing, conversing, evidence, replying
from apps.ui.forms import EnsForm

LONGEST_CONTEST = 2000


def _text(label: Any, longest: int, empty: Any, rows: int = 6) -> forms.CharField:  # noqa: ANN401  lazy texts
    return forms.CharField(label=label, max_length=longest, widget=text_area(rows), error_messages={"required": empty})


class ContestForm(EnsForm):
    """Why an automatic result is wrong."""

    text = _text(
        gettext_lazy("Why is this result wrong?"), LONGEST_CONTEST, gettext_lazy("Say why the result is wrong.")
    )


class MessageForm(EnsForm):
    """`asked`: criteria of the dossier; `takes_files` False: no file can go with it now."""

    token = token_field()
    text = _text(gettext_lazy("Your message"), conversing.LONGEST, gettext_lazy("Write a message."))
    criterion = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    upload = UploadField(label=gettext_lazy("File"), help_text=FILE_HELP, required=False)

    def __init__(self, *args: Any, asked: Sequence[Criterion], takes_files: bool, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        choices = [(one.code, criterion_words(one)) for one in asked]
        self.fields["criterion"].choices = [("", _("The dossier as a whole")), *choices]
        if not takes_files:
            del self.fields["upload"]


class ReplyForm(EnsForm):
    """Answer to one line of a request, or to a reservation; `pieces` of the dossier may be named as proof."""

    text = _text(gettext_lazy("Your answer"), replying.LONGEST, gettext_lazy("Write your answer."))
    pieces = forms.MultipleChoiceField(
        label=gettext_lazy("Pieces of the dossier that prove it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    upload = UploadField(label=gettext_lazy("New piece"), help_text=FILE_HELP, required=False)
    title = forms.CharField(
        label=gettext_lazy("Title of the new piece"), max_length=evidence.TITLE_AT_MOST, required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, pieces: Sequence[Evidence], **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["pieces"].choices = [(str(piece.pk), f"{piece.title} ({piece.name})") for piece in pieces]
        if not pieces:
            del self.fields["pieces"]

    def evidence_ids(self) -> tuple[UUID, ...]:
        """Only after `is_valid`."""
        return tuple(UUID(value) for value in self.cleaned_data.get("pieces", []))


class AppealForm(EnsForm):
    """To whom, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of appeal"),
        choices=Appeal.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the kind of appeal.")},
    )
    text = _text(gettext_lazy("Your reasons"), appealing.LONGEST, gettext_lazy("Write your reasons."), rows=10)


class SignForm(EnsForm):
    """Accepting the document of a hash."""

    accepts = forms.BooleanField(
        label=gettext_lazy("I have read the agreement and I sign it for my organisation"),
        error_messages={"required": gettext_lazy("Tick the box to sign.")},
    )
    document_hash = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
