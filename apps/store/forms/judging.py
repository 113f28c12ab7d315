"""Verdict on a criterion, request for complements (RV-04, RV-06)."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.store import reasons
from apps.store.criteria import Criterion
from apps.store.forms.case_acts import SeenForm, area
from apps.store.models import Judgement, Request
from apps.store.services.asking import DAYS, Ask
from apps.store.services.judging import NEEDS_WORDS, Opinion

Verdict = Judgement.Verdict
_ORDER = (Verdict.CONFORM, Verdict.RESERVATION, Verdict.NOT_CONFORM, Verdict.INCOMPLETE, Verdict.NOT_APPLICABLE)


class JudgementForm(SeenForm):
    """`seen` is the version of the verdict that the page has shown."""

    verdict = forms.ChoiceField(
        label=_("Your verdict"),
        widget=forms.RadioSelect,
        choices=[(one.value, str(one.label)) for one in _ORDER],
        error_messages={"required": _("Choose a verdict.")},
    )
    reason = forms.ChoiceField(
        label=_("Canned reason"),
        required=False,
        choices=[("", _("None")), *reasons.JUDGEMENT.items()],
        help_text=_("It fills the note where that is empty; you can change it afterwards."),
    )
    note = forms.CharField(
        label=_("Note to the publisher"),
        required=False,
        max_length=4000,
        help_text=_("It always names the criterion. The publisher reads it with your requests and the decision."),
        widget=area(3),
    )
    internal = forms.CharField(
        label=_("Internal note"),
        required=False,
        max_length=4000,
        help_text=_("It stays in the back office."),
        widget=area(2),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = [(one.value, _capital(str(one.label))) for one in _ORDER]

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean()
        if not cleaned.get("note") and cleaned.get("reason"):
            cleaned["note"] = str(reasons.JUDGEMENT[str(cleaned["reason"])])
        if cleaned.get("verdict") in NEEDS_WORDS and not cleaned.get("note"):
            self.add_error("note", _("Say to the publisher why: this verdict needs a note."))
        return cleaned

    def opinion(self) -> Opinion:
        said = self.cleaned_data
        return Opinion(
            verdict=Verdict(said["verdict"]), note=said["note"], internal=said["internal"], reason=said["reason"]
        )


class ComplementsForm(SeenForm):
    """Criteria to be completed, a text each, days to answer."""

    mark_optional = False
    text = forms.CharField(label=_("Words for the publisher"), required=False, max_length=2000, widget=area(3))
    days = forms.ChoiceField(
        label=_("Days to answer"),
        widget=forms.RadioSelect,
        choices=[(str(number), _("%(days)s days") % {"days": number}) for number in DAYS],
        error_messages={"required": _("Choose how many days.")},
    )

    def __init__(
        self, *args: object, criteria: tuple[Criterion, ...], judgements: Mapping[str, Judgement], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(str(number), _("%(days)s days") % {"days": number}) for number in DAYS]
        self._codes = [criterion.code for criterion in criteria]
        for criterion in criteria:
            self.fields[f"item-{criterion.code}"] = forms.CharField(
                label=f"{criterion.code}\N{NO-BREAK SPACE}: {criterion.question}",
                required=False,
                max_length=4000,
                widget=area(3),
                initial=judgements[criterion.code].note,
            )

    def ask(self) -> Ask:
        """What is asked; criteria with an empty text are left out."""
        said = {code: self.cleaned_data[f"item-{code}"].strip() for code in self._codes}
        items = {code: words for code, words in said.items() if words}
        cleaned = self.cleaned_data
        return Ask(kind=Request.Kind.COMPLEMENT, text=cleaned["text"], days=int(cleaned["days"]), items=items)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
