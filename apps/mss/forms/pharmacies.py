"""M-06: looking for a pharmacy (MSS-21). Sent by POST: names and towns stay out of addresses and logs (SEC-16)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.directory.search import SHORTEST_NAME, letters_in
from apps.ui.forms import EnsForm


class PharmacyForm(EnsForm):
    """Words of its name, its town or its post code."""

    text = forms.CharField(
        label=gettext_lazy("Name of the pharmacy, town or post code"),
        help_text=gettext_lazy("At least three letters. Accents and capitals do not count."),
        max_length=100,
        error_messages={"required": gettext_lazy("Write at least three letters.")},
    )

    def clean_text(self) -> str:
        """Long enough to be looked for (SEC-32)."""
        text = str(self.cleaned_data["text"])
        if letters_in(text) < SHORTEST_NAME:
            raise forms.ValidationError(_("Write at least three letters."))
        return text
