"""SE-03: the three questions, in the words of pages.md 18.4."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.spaces.services import EmergencyChoices, EmergencySetting
from apps.ui.forms import EnsForm
from apps.ui.words import day

YES, NO = "oui", "non"
ANSWERS = [(YES, gettext_lazy("Yes, they may")), (NO, gettext_lazy("No, I object"))]


def _question() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two answers.")},
    )


class EmergencyForm(EnsForm):
    """Three answers saved together. Labels say « me » to the holder and name the space to a representative."""

    break_glass = _question()
    call = _question()
    masked = _question()

    def __init__(self, *args: Any, setting: EmergencySetting, is_own: bool, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        choices = setting.choices
        now = {"break_glass": choices.break_glass, "call": choices.call, "masked": choices.masked}
        super().__init__(*args, initial={name: YES if value else NO for name, value in now.items()}, **kwargs)
        for name, label in labels(is_own=is_own).items():
            self[name].label = label  # the bound field was made with its class attribute
            self[name].help_text = _state(setting, allowed=now[name])

    def choices(self) -> EmergencyChoices:
        """The answers; only after `is_valid`."""
        return EmergencyChoices(**{name: answer == YES for name, answer in self.cleaned_data.items()})


def labels(*, is_own: bool) -> dict[str, str]:
    """The three questions, by the names of the fields."""
    if is_own:
        return {
            "break_glass": _(
                "I cannot speak and my health is in immediate danger. May a health professional look at my record?"
            ),
            "call": _("Somebody calls 15 for me. May the doctor of the Samu who answers look at my record?"),
            "masked": _("In these two cases, may they also see the documents that I hid?"),
        }
    return {
        "break_glass": _(
            "The person cannot speak and their health is in immediate danger. May a health professional look at "
            "their record?"
        ),
        "call": _("Somebody calls 15 for this person. May the doctor of the Samu who answers look at their record?"),
        "masked": _("In these two cases, may they also see the hidden documents?"),
    }


def _state(setting: EmergencySetting, *, allowed: bool) -> str:
    answer = _("yes") if allowed else _("no")
    if setting.chosen_at is None:
        return _("Today: %(answer)s, setting of the start") % {"answer": answer}
    return _("Today: %(answer)s, chosen on %(day)s") % {"answer": answer, "day": day(setting.chosen_at)}
