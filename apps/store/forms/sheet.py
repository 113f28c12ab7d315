"""The public page of a service (STO-84): format is looked at, all may stay empty while the dossier is a draft."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.store.forms.countries import COUNTRIES, LANGUAGES
from apps.store.forms.values import address_field, email_field, percent_field, shown, text_area
from apps.store.models import Sheet
from apps.store.services.sheets import CONTENTS
from apps.ui.forms import EnsForm

_TAGLINE, _DESCRIPTION = 80, 2000
_PHONE = re.compile(r"[+0-9][0-9 .()-]{2,19}")
_EMPTY = ("", "—")
DEVICE_CLASSES = (("I", "I"), ("IIa", "IIa"), ("IIb", "IIb"), ("III", "III"))
ECO_SCORES = tuple((letter, letter) for letter in "ABCDE")


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:  # noqa: ANN401  lazy texts
    return forms.MultipleChoiceField(
        label=label, required=False, choices=shown(choices), widget=forms.CheckboxSelectMultiple
    )


def _one(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:  # noqa: ANN401  lazy texts
    return forms.ChoiceField(label=label, required=False, choices=[_EMPTY, *shown(choices)], **kwargs)


def _words(label: Any, most: int, **kwargs: Any) -> forms.CharField:  # noqa: ANN401  lazy texts
    return forms.CharField(label=label, required=False, max_length=most, **kwargs)


class SheetForm(EnsForm):
    """`seen`: version of the page that was shown, 0 for none."""

    mark_optional = False

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    tagline = _words(gettext_lazy("Tagline"), _TAGLINE, help_text=gettext_lazy("80 characters at most."))
    description = _words(
        gettext_lazy("Description"),
        _DESCRIPTION,
        widget=text_area(8),
        help_text=gettext_lazy("What the service does and for whom, in plain words: 2,000 characters at most."),
    )
    needs = _several(gettext_lazy("Needs that the service answers"), Sheet.Need.choices)
    audiences = _several(gettext_lazy("Audience"), Sheet.Audience.choices)
    languages = _several(gettext_lazy("Languages of the service"), LANGUAGES)
    platforms = _several(gettext_lazy("Where it can be used"), Sheet.Platform.choices)
    web_url = address_field(gettext_lazy("Address of the website"))
    app_store_url = address_field(gettext_lazy("Address in the App Store"))
    play_store_url = address_field(gettext_lazy("Address in Google Play"))
    price = _one(pgettext_lazy("of a service", "Price"), Sheet.Price.choices)
    price_detail = _words(
        gettext_lazy("Details of the price (optional)"),
        300,
        help_text=gettext_lazy("Total price, duration of the subscription, how to end it."),
    )
    privacy_url = address_field(gettext_lazy("Address of the privacy policy"))
    legal_url = address_field(gettext_lazy("Address of the legal notice"))
    accessibility_url = address_field(gettext_lazy("Address of the accessibility statement (optional)"))
    accessibility_rate = percent_field(gettext_lazy("Rate of accessibility, in percent (optional)"))
    hosting_country = _one(gettext_lazy("Country where data are hosted"), COUNTRIES)
    hosting_name = _words(gettext_lazy("Host"), 120)
    device_class = _one(gettext_lazy("Class of the medical device (optional)"), DEVICE_CLASSES)
    device_udi = _words(gettext_lazy("Unique device identifier, UDI-DI (optional)"), 80)
    eco_score = _one(gettext_lazy("Eco-score (optional)"), ECO_SCORES)
    support_email = email_field(gettext_lazy("E-mail of the help desk"))
    support_phone = _words(
        gettext_lazy("Phone of the help desk (optional)"),
        20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def clean_support_phone(self) -> str:
        """Digits, spaces, dots; a leading plus."""
        phone: str = self.cleaned_data["support_phone"]
        if phone and not _PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Write a phone number, for example 02 61 91 55 00."))
        return phone

    def clean_description(self) -> str:
        """Browsers send the ends of lines of another time."""
        return "\n".join(self.cleaned_data["description"].split("\r\n"))

    def contents(self) -> dict[str, object]:
        """What was typed; only after `is_valid`."""
        return {name: self.cleaned_data[name] for name in CONTENTS}

    def version(self) -> int:
        """Of the page that was shown."""
        return self.cleaned_data["seen"] or 0
