"""Traits of somebody whose notice is lost (O-09)."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.dates import PartialDate, PartialDateError
from apps.ui.forms import EnsForm

_BIRTH = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})", re.ASCII)
_QUIET = {"autocomplete": "off"}


class LostCodeForm(EnsForm):
    """All four must fit one person exactly; the form looks at their shape only."""

    family_name = forms.CharField(
        label=gettext_lazy("Birth name of the person named in the letter"),
        max_length=100,
        widget=forms.TextInput(attrs=_QUIET),
    )
    given_name = forms.CharField(label=gettext_lazy("First name"), max_length=100, widget=forms.TextInput(attrs=_QUIET))
    birth_date = forms.CharField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Example: 14/06/1984. Write 00 for a day or a month that is not known."),
        max_length=20,
        widget=forms.TextInput(attrs=_QUIET),
    )
    post_code = forms.CharField(
        label=gettext_lazy("Postcode"), max_length=10, widget=forms.TextInput(attrs={**_QUIET, "inputmode": "numeric"})
    )

    def clean_birth_date(self) -> str:
        """Ten characters as civil status keeps them, `1952-06-00` for an unknown day."""
        match = _BIRTH.fullmatch(self.cleaned_data["birth_date"].strip())
        try:
            written = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else ""
            return PartialDate.parse(written).with_zeros()
        except PartialDateError as error:
            raise forms.ValidationError(_("Write the date as day/month/year, for example 14/06/1984.")) from error

    def traits(self) -> dict[str, str]:
        """Arguments of `resending.ask_again`; only after `is_valid`."""
        return {name: self.cleaned_data[name] for name in ("family_name", "given_name", "birth_date", "post_code")}
