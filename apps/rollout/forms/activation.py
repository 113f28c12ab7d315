"""Answers of S-08: the notice and a number, the choices before the activation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.ins import Authority, InvalidInsError, parse_full
from apps.rollout.forms.opposition import DECLARATIONS, IdentifyForm
from apps.rollout.models import Capacity
from apps.spaces.forms.emergency import ANSWERS, NO, YES, labels
from apps.spaces.services import EmergencyChoices
from apps.ui.forms import EnsForm
from apps.ui.words import day

LATER = "plus-tard"
_ANSWERS = [*ANSWERS, (LATER, gettext_lazy("I decide later"))]
_SWITCHES = ("break_glass", "call", "masked")
_START = EmergencyChoices()


class NumberedForm(IdentifyForm):
    """Code, birth date and, without FranceConnect, the number of the addressee (decisions.md 6)."""

    number = forms.CharField(
        max_length=40, error_messages={"required": gettext_lazy("Write the 15 digits of the number.")}
    )

    def __init__(self, *args: Any, asks_number: bool, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        if not asks_number:
            del self.fields["number"]

    def clean_number(self) -> str:
        """Thirteen characters; only the form of the number is looked at, never whether somebody has it."""
        try:
            return parse_full(full=self.cleaned_data["number"], authority=Authority.NIR).number
        except InvalidInsError as error:
            raise forms.ValidationError(_("This number is not complete or has a typing mistake. Check it.")) from error


def _question() -> forms.ChoiceField:
    return forms.ChoiceField(choices=_ANSWERS, widget=forms.RadioSelect, initial=LATER)


class ChoicesForm(EnsForm):
    """Step 4: three questions that may wait, the declaration of a representative, the withdrawal of an opposition.

    `chooses`: who has signed in may decide about emergencies. `now`: the choices that hold, for what is left for later.
    `opposed_at`: an opposition stands since then.
    """

    break_glass = _question()
    call = _question()
    masked = _question()
    declared = forms.BooleanField(error_messages={"required": gettext_lazy("Tick this declaration to go on.")})
    withdraws = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Tick this box to withdraw the opposition, or leave this page: nothing changes.")
        }
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own signature
        capacity: Capacity,
        chooses: bool,
        opposed_at: datetime | None,
        now: EmergencyChoices = _START,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        for name, label in labels(is_own=capacity is Capacity.SELF).items():
            self[name].label = label  # the bound field was made with its class attribute
        left_out = [] if chooses else list(_SWITCHES)
        left_out += ["declared"] if capacity is Capacity.SELF else []
        left_out += ["withdraws"] if opposed_at is None else []
        for name in left_out:
            del self.fields[name]
        if capacity is not Capacity.SELF:
            self["declared"].label = DECLARATIONS[capacity]
        if opposed_at is not None:
            words = _("I withdraw the opposition of %(day)s: a health space is to be opened.")
            self["withdraws"].label = words % {"day": day(opposed_at)}

    def withdraws_opposition(self) -> bool:
        """Whether the box was there and ticked; only after `is_valid`."""
        return bool(self.cleaned_data.get("withdraws", False))

    def choices(self) -> EmergencyChoices | None:
        """None while everything is to be decided later; a question left for later keeps what holds now."""
        made = {name: answer for name in _SWITCHES if (answer := self.cleaned_data.get(name)) in {YES, NO}}
        return replace(self._now, **{name: answer == YES for name, answer in made.items()}) if made else None
