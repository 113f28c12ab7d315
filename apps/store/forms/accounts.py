"""Forms of the sign-up of publishers (PU-01)."""

from __future__ import annotations

from django.forms import EmailField, EmailInput
from django.utils.translation import gettext_lazy as _

from apps.ui.forms import EnsForm


class SignUpForm(EnsForm):
    """The address with which somebody will sign in."""

    email = EmailField(
        label=_("Professional mail address"),
        help_text=_("Expected format: name@example.fr"),
        max_length=254,
        widget=EmailInput(attrs={"autocomplete": "email", "class": "fr-input"}),
        error_messages={
            "required": _("Write your mail address."),
            "invalid": _("Write an address like name@example.fr."),
        },
    )
