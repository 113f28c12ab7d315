"""RO-03: filters of the population, one person looked for, reason of an export."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.dates import PartialDate, PartialDateError
from apps.rollout.models import EligiblePerson, Wave
from apps.rollout.services.population import NO_WAVE, AgeClass, Anomaly, Filters
from apps.ui.forms import EnsForm

_BIRTH = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})")
_NUMBER = re.compile(r"[1-9]\d{4}(?:\d{2}|2[AB])\d{6}(?:\d{2})?")
_DEPARTMENT = re.compile(r"(?:[0-9AB]{2,3})?")
NUMBER_LENGTH = 13
_ALL = ("", gettext_lazy("All"))


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:  # noqa: ANN401  lazy text
    return forms.ChoiceField(label=label, required=False, choices=[_ALL, *choices])


class FilterForm(EnsForm):
    """By address: the filters name no person."""

    mark_optional = False
    wave = forms.ChoiceField(label=gettext_lazy("Wave"), required=False)
    state = _choice(gettext_lazy("State"), list(EligiblePerson.State.choices))
    channel = _choice(gettext_lazy("Way of the notice"), list(EligiblePerson.Channel.choices))
    age = _choice(gettext_lazy("Age"), list(AgeClass.choices))
    department = forms.CharField(label=gettext_lazy("Department"), required=False, max_length=3)
    anomaly = _choice(gettext_lazy("Anomalies"), list(Anomaly.choices))

    def __init__(self, *args: Any, waves: list[Wave], **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        words = _("Wave %(number)s: %(name)s")
        named = [(str(wave.pk), words % {"number": wave.number, "name": wave.name}) for wave in waves]
        self.fields["wave"].choices = [_ALL, (NO_WAVE, _("In no wave")), *named]

    def clean_department(self) -> str:
        code = str(self.cleaned_data["department"]).strip().upper()
        if not _DEPARTMENT.fullmatch(code):
            raise forms.ValidationError(_("Write the code of a department, for example 44 or 2A."))
        return code

    def filters(self) -> Filters:
        """Only after `is_valid`."""
        return Filters(**{name: self.cleaned_data[name] for name in Filters.__dataclass_fields__})


class SearchForm(EnsForm):
    """By number, or by birth name and birth date: both whole, nothing in part (SEC-19)."""

    number = forms.CharField(
        label=gettext_lazy("Social security number"),
        help_text=gettext_lazy("13 or 15 characters, a former number too."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    family_name = forms.CharField(
        label=gettext_lazy("Birth name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = forms.CharField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Example: 14/06/1984. Write 00 for a day or a month that is not known."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_number(self) -> str:
        """Thirteen characters."""
        typed = re.sub(r"[\s.\-]", "", str(self.cleaned_data["number"])).upper()
        if typed and not _NUMBER.fullmatch(typed):
            raise forms.ValidationError(_("This number is not complete or has a typing mistake. Check it."))
        return typed[:NUMBER_LENGTH]  # the key tells nothing more

    def clean_birth_date(self) -> str:
        """Ten characters as civil status keeps them."""
        typed = str(self.cleaned_data["birth_date"]).strip()
        if not typed:
            return ""
        match = _BIRTH.fullmatch(typed)
        text = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else ""
        try:
            return PartialDate.parse(text).with_zeros()
        except PartialDateError as error:
            raise forms.ValidationError(_("Write the date as day/month/year, for example 14/06/1984.")) from error

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        by_traits = found.get("family_name") and found.get("birth_date")
        if not self.errors and not found.get("number") and not by_traits:
            raise forms.ValidationError(_("Give the number, or the birth name with the date of birth."))
        return found


class ExportForm(EnsForm):
    """`token` is the id of the request: sent twice it is one."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("What the list is for, and who will receive it"),
        help_text=gettext_lazy("Read by the person who approves, and kept. No name of a person."),
        error_messages={"required": gettext_lazy("Say what the list is for, and who will receive it.")},
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def export_id(self) -> UUID:
        """Only after `is_valid`."""
        token: UUID = self.cleaned_data["token"]
        return token
