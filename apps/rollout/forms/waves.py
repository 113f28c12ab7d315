"""RO-04: what a wave is about, when it writes and how."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.ids import uuid7
from apps.rollout.models import EligiblePerson, Wave
from apps.rollout.planning import YEARS
from apps.rollout.services.waves import Content
from apps.spaces.perimeter import Service
from apps.ui.forms import EnsForm

_DEPARTMENT = re.compile(r"0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-8]|98[46-8]")
_SCHEME = re.compile(r"[A-Z0-9]{1,8}")
_SEPARATORS = re.compile(r"[\s,;]+")


def _day(label: Any, *, required: bool = False, **kwargs: Any) -> forms.DateField:  # noqa: ANN401  lazy texts
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, **kwargs)


def _number(label: Any, *, least: int = 0, **kwargs: Any) -> forms.IntegerField:  # noqa: ANN401  lazy texts
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=least, max_value=100_000_000, widget=widget, **kwargs)


class CodesField(forms.CharField):
    """Several codes, with commas or spaces between; a list without doubles, in their order."""

    def __init__(self, *, pattern: re.Pattern[str], wrong: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        super().__init__(required=False, max_length=600, **kwargs)
        self.pattern, self.wrong = pattern, wrong

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  Django's own signature
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # noqa: ANN401  Django's own signature
        codes = [code for code in _SEPARATORS.split(str(super().clean(value)).upper()) if code]
        for code in codes:
            if not self.pattern.fullmatch(code):
                raise forms.ValidationError(self.wrong, params={"code": code})
        return sorted(set(codes))


class WaveForm(EnsForm):
    """`token` is the id of a wave to be made: sent twice it makes one. `seen` is the version of one to be changed."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Example: Sarthe and Mayenne."),
        max_length=80,
        error_messages={"required": gettext_lazy("Give the wave a name.")},
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        help_text=gettext_lazy("Figures of the pilot are kept apart."),
        choices=Wave.Stage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the stage.")},
    )
    departments = CodesField(
        label=gettext_lazy("Departments"),
        help_text=gettext_lazy("Example: 31, 44, 80. Empty: all of them."),
        pattern=_DEPARTMENT,
        wrong=gettext_lazy("“%(code)s” is no code of a department."),
    )
    schemes = CodesField(
        label=gettext_lazy("Schemes"),
        help_text=gettext_lazy("Codes of the eligibility file, for example RG, MSA. Empty: all of them."),
        pattern=_SCHEME,
        wrong=gettext_lazy("“%(code)s” is no code of a scheme."),
    )
    situations = forms.MultipleChoiceField(
        label=gettext_lazy("Situations"),
        help_text=gettext_lazy("Nothing ticked: all of them."),
        required=False,
        choices=EligiblePerson.Situation.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    born_from = _day(gettext_lazy("Born from"))
    born_until = _day(gettext_lazy("Born until"), help_text=gettext_lazy("Both days included."))
    at_most = _number(
        gettext_lazy("People at most"), required=False, least=1, help_text=gettext_lazy("Empty: everybody meant.")
    )
    is_continuous = forms.BooleanField(
        label=gettext_lazy("Take in later arrivals every day"),
        help_text=gettext_lazy("Births and newly insured people; such a wave never ends."),
        required=False,
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services that the spaces open with"),
        choices=Service.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one service.")},
    )
    channels = forms.ChoiceField(
        label=gettext_lazy("How the notices go out"),
        choices=Wave.Channels.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how the notices go out.")},
    )
    first_send_on = _day(
        gettext_lazy("First sending"),
        required=True,
        error_messages={"required": gettext_lazy("Give the day of the first sending.")},
    )
    mails_a_day = _number(
        gettext_lazy("E-mails a day"),
        error_messages={"required": gettext_lazy("Give the number of e-mails a day: 0 sends none.")},
    )
    letters_a_day = _number(
        gettext_lazy("Letters a day"),
        error_messages={"required": gettext_lazy("Give the number of letters a day: 0 sends none.")},
    )

    def clean_first_send_on(self) -> date:
        """In this century, so that the days that follow can be computed."""
        day: date = self.cleaned_data["first_send_on"]
        if day.year not in YEARS:
            words = _("Choose a day between %(first)s and %(last)s.")
            raise forms.ValidationError(words, params={"first": YEARS[0], "last": YEARS[-1]})
        return day

    def clean(self) -> dict[str, Any]:
        """Dates in their order; something must be able to leave."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = found.get("born_from"), found.get("born_until")
        if first and last and first > last:
            self.add_error("born_until", _("This day comes before the first one."))
        if found.get("mails_a_day") == 0 and found.get("letters_a_day") == 0:
            self.add_error("mails_a_day", _("With 0 e-mails and 0 letters a day nothing would be sent."))
        return found

    def content(self) -> Content:
        """What was decided; only after `is_valid`."""
        others = {"token", "seen"}
        return Content(**{name: value for name, value in self.cleaned_data.items() if name not in others})

    def wave_id(self) -> UUID:
        """Id of the wave to be made."""
        return self.cleaned_data["token"] or uuid7()


FIRST_TIME = {
    "stage": Wave.Stage.PILOT,
    "services": [Service.DOCUMENTS, Service.MAILBOX],
    "channels": Wave.Channels.AS_WISHED,
}


def contents_of(wave: Wave) -> dict[str, object]:
    """Initial values of the form for a wave that is there."""
    return {name: getattr(wave, name) for name in WaveForm.base_fields if name not in {"token", "seen"}}
