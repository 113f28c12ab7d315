"""Acts on a referenced service: reasons, days, words (RV-09, PU-11)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from apps.store import reasons
from apps.store.forms.sessions import words_field
from apps.store.forms.values import DayField
from apps.store.services.deciding import Reasons
from apps.ui.forms import EnsForm


class ReasonForm(EnsForm):
    """Words that the next one reads."""

    facts = words_field(gettext_lazy("Your words"), rows=6, error_messages={"required": gettext_lazy("Write a text.")})


class LongReasonForm(ReasonForm):
    """The same, where the publisher has to know what is asked for."""

    facts = words_field(
        gettext_lazy("What is asked for"),
        rows=8,
        help_text=gettext_lazy("The publisher reads it: scope, calendar, what to deposit."),
        error_messages={"required": gettext_lazy("Write a text.")},
    )


class FindingsForm(ReasonForm):
    """What an audit has found."""

    facts = words_field(
        gettext_lazy("What the audit has found"),
        rows=8,
        help_text=gettext_lazy("The publisher reads it. Name the criteria, no person."),
        error_messages={"required": gettext_lazy("Write a text.")},
    )


class ReasonsForm(EnsForm):
    """What a notice says (STO-11)."""

    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("Legal ground"),
        widget=forms.CheckboxSelectMultiple,
        choices=list(reasons.GROUNDS.items()),
        error_messages={"required": gettext_lazy("Tick at least one text.")},
    )
    facts = words_field(
        gettext_lazy("Facts and reasons"),
        rows=8,
        help_text=gettext_lazy("The publisher reads them. Name the criteria, no person."),
        error_messages={"required": gettext_lazy("Give the facts and the reasons.")},
    )
    signatory = forms.CharField(
        label=gettext_lazy("Your name and capacity"),
        help_text=gettext_lazy("As the notice prints them. Example: Claire Aubin, deputy delegate for digital health."),
        max_length=200,
        error_messages={"required": gettext_lazy("Give your name and your capacity.")},
    )

    def reasons(self) -> Reasons:
        """Only after `is_valid`."""
        found = self.cleaned_data
        return Reasons(ground=",".join(found["grounds"]), facts=found["facts"], signatory=found["signatory"])


class NoticeForm(ReasonsForm):
    """A formal notice has its day."""

    effect_on = DayField(
        label=gettext_lazy("Last day to remedy"),
        help_text=gettext_lazy("Six months from today at most."),
        error_messages={"required": gettext_lazy("Give the last day.")},
    )


class WithdrawalForm(ReasonsForm):
    """A withdrawal has the day of its effect."""

    effect_on = DayField(
        label=gettext_lazy("Day of the effect"),
        help_text=gettext_lazy("Six months from today at most: users have to find another service."),
        error_messages={"required": gettext_lazy("Give the day of the effect.")},
    )


class LeavingForm(EnsForm):
    """A publisher leaves the catalogue."""

    effect_on = DayField(
        label=gettext_lazy("Last day in the catalogue"),
        error_messages={"required": gettext_lazy("Give the day.")},
    )
    facts = words_field(gettext_lazy("What users should know"), rows=4, required=False)


class DeclarationForm(EnsForm):
    """Nothing changed, or what changed (STO-43)."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Since your last declaration"),
        widget=forms.RadioSelect,
        choices=[
            ("same", gettext_lazy("Nothing has changed in what you declared")),
            ("changed", gettext_lazy("Something has changed")),
        ],
        error_messages={"required": gettext_lazy("Choose an answer.")},
    )
    facts = words_field(
        gettext_lazy("What has changed"),
        rows=6,
        required=False,
        help_text=gettext_lazy("A new purpose, new data, a new host, a new owner or AI need an amendment as well."),
    )

    def clean(self) -> dict[str, object]:
        """A change has its words."""
        found: dict[str, object] = super().clean() or self.cleaned_data
        if found.get("answer") == "changed" and not str(found.get("facts", "")).strip():
            self.add_error("facts", gettext_lazy("Say what has changed."))
        return found

    def text(self) -> str:
        """Empty: nothing changed. Only after `is_valid`."""
        return str(self.cleaned_data["facts"]) if self.cleaned_data["answer"] == "changed" else ""
