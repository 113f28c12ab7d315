"""PU-07: the declaration, and what the page has shown."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from apps.ui.forms import EnsForm


class SubmissionForm(EnsForm):
    """`seen`: number of the last event of the dossier on the page."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    charter = forms.BooleanField(
        label=gettext_lazy(
            "I declare, on behalf of the publisher, that these answers are accurate, that the service meets the "
            "criteria that I have marked as compliant, and that I will tell of any change."
        ),
        error_messages={"required": gettext_lazy("Tick the declaration to send the dossier.")},
    )
