"""The desk's list, what is missing, a rejection (RV-14)."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from apps.store import reasons
from apps.store.forms.case_acts import Choices, SeenForm, area
from apps.store.models import AdmissibilityItem
from apps.store.services.admitting import Line, Rejection

YES, NO = "yes", "no"


class AdmissibilityForm(SeenForm):
    """Yes or no for each line, with a note; lines may stay open."""

    mark_optional = False

    def __init__(self, *args: object, rows: Mapping[str, AdmissibilityItem], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for code, words in reasons.ADMISSIBILITY.items():
            row = rows.get(code)
            self.fields[code] = forms.ChoiceField(
                label=str(words),
                required=False,
                widget=forms.RadioSelect,
                choices=[(YES, _("Yes")), (NO, _("No"))],
                initial=(YES if row.is_met else NO) if row is not None else "",
            )
            note = forms.CharField(
                label=_("Note"), required=False, max_length=500, initial=row.note if row is not None else ""
            )
            note.about = words  # type: ignore[attr-defined]  # of EnsBoundField: each line has its note
            self.fields[f"{code}-note"] = note

    def pairs(self) -> list[tuple[BoundField, BoundField]]:
        """Each line with its note."""
        return [(self[code], self[f"{code}-note"]) for code in reasons.ADMISSIBILITY]

    def lines(self) -> dict[str, Line]:
        """The lines that are answered."""
        said = {code: self.cleaned_data[code] for code in reasons.ADMISSIBILITY}
        return {
            code: Line(is_met=value == YES, note=self.cleaned_data[f"{code}-note"])
            for code, value in said.items()
            if value
        }


class MissingForm(SeenForm):
    """What is missing, line by line; an empty text asks for nothing."""

    mark_optional = False
    text = forms.CharField(label=_("Words for the publisher"), required=False, max_length=2000, widget=area(3))

    def __init__(self, *args: object, notes: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for code, words in reasons.ADMISSIBILITY.items():
            self.fields[f"item-{code}"] = forms.CharField(
                label=str(words), required=False, max_length=1000, widget=area(2), initial=notes.get(code, "")
            )

    def items(self) -> dict[str, str]:
        """Texts by line of the list, empty ones left out."""
        said = {code: self.cleaned_data[f"item-{code}"] for code in reasons.ADMISSIBILITY}
        return {code: words for code, words in said.items() if words}

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean()
        if not self.items():
            self.add_error(None, _("Say for one line at least what is missing."))
        return cleaned


class RejectForm(SeenForm):
    """Ground of law, facts, criteria: the notice prints them (STO-11)."""

    ground = forms.ChoiceField(
        label=_("Ground of law"),
        choices=[("", _("Choose")), *reasons.GROUNDS.items()],
        error_messages={"required": _("Choose the text that the decision stands on.")},
    )
    facts = forms.CharField(
        label=_("Facts"),
        max_length=8000,
        help_text=_("In words that the publisher can answer: what the dossier says, what is missing to the law."),
        widget=area(6),
        error_messages={"required": _("Say the facts.")},
    )
    criteria = forms.MultipleChoiceField(
        label=_("Criteria that are not met"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, criteria: Choices, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criteria"].choices = list(criteria)

    def rejection(self) -> Rejection:
        said = self.cleaned_data
        return Rejection(ground=said["ground"], facts=said["facts"], criteria=tuple(said["criteria"]))
