from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.forms import CharField, EmailField, EmailInput, PasswordInput, TextInput
from django.utils.translation import gettext_lazy as _

from apps.ui.forms import EnsForm

CODE_ATTRS = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false", "class": "fr-input"}


class IdentifierForm(EnsForm):
    """S-04, first step: whatever was typed may be right."""

    email = EmailField(
        label=_("Mail address"),
        help_text=_("Expected format: name@example.fr"),
        max_length=254,
        widget=EmailInput(attrs={"autocomplete": "username", "class": "fr-input"}),
        error_messages={
            "required": _("Write your mail address."),
            "invalid": _("Write an address like name@example.fr."),
        },
    )
    password = CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "current-password", "class": "fr-input"}),
        error_messages={"required": _("Write your password.")},
    )


class CodeForm(EnsForm):
    """Six digits of an application."""

    code = CharField(
        label=_("Code of your application"),
        help_text=_("6 digits, which change every 30 seconds"),
        max_length=12,
        widget=TextInput(attrs=CODE_ATTRS),
        error_messages={"required": _("Write the code that your application shows.")},
    )


class RecoveryForm(EnsForm):
    """One of the codes that were printed."""

    code = CharField(
        label=_("Recovery code"),
        help_text=_("8 digits, on the sheet that you printed"),
        max_length=16,
        widget=TextInput(attrs={**CODE_ATTRS, "autocomplete": "off"}),
        error_messages={"required": _("Write one of your recovery codes.")},
    )


class AddressForm(EnsForm):
    """S-07: the address that a key is sent to."""

    email = EmailField(
        label=_("Mail address"),
        help_text=_("Expected format: name@example.fr"),
        max_length=254,
        widget=EmailInput(attrs={"autocomplete": "username", "class": "fr-input"}),
        error_messages={
            "required": _("Write your mail address."),
            "invalid": _("Write an address like name@example.fr."),
        },
    )


class NewPasswordForm(EnsForm):
    """A password that keeps to the rules (SEC-18); written once, because it can be shown."""

    password = CharField(
        label=_("New password"),
        help_text=_("At least 12 characters. A sentence of several words is easy to remember."),
        max_length=256,
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "new-password", "class": "fr-input"}),
        error_messages={"required": _("Write a new password.")},
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class ChangePasswordForm(NewPasswordForm):
    """SE-09: the present password as well."""

    current = CharField(
        label=_("Present password"),
        max_length=256,
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "current-password", "class": "fr-input"}),
        error_messages={"required": _("Write your present password.")},
    )
    field_order = ("current", "password")

    def __init__(self, *args: Any, checks: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's signature
        super().__init__(*args, **kwargs)
        self._checks = checks

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self._checks(current):
            raise ValidationError(_("This is not your present password."))
        return current


class PasskeyForm(EnsForm):
    """A name by which the person knows their passkey again."""

    name = CharField(
        label=_("Name of this passkey"),
        help_text=_("For example: my phone"),
        max_length=40,
        widget=TextInput(attrs={"autocomplete": "off", "class": "fr-input"}),
        error_messages={"required": _("Give this passkey a name.")},
    )


class NewAddressForm(AddressForm):
    """SE-10: another address to write to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's signature
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New mail address")
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class SentCodeForm(EnsForm):
    """Eight digits that came by mail."""

    code = CharField(
        label=_("Code received by mail"),
        help_text=_("8 digits, valid for 10 minutes"),
        max_length=16,
        widget=TextInput(attrs=CODE_ATTRS),
        error_messages={"required": _("Write the code that you received.")},
    )
