"""Forms of an organisation: its numbers, what it says of itself, joining, addresses (PU-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from apps.store.models import Publisher
from apps.store.services.numbers import Known, Numbers
from apps.store.services.publishers import Details
from apps.ui.forms import EnsForm

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

MISSING = {"required": _("Fill in this field.")}
EMAIL = {"required": _("Write a mail address."), "invalid": _("Write an address like name@example.fr.")}

# Words for the faults that services find: field and reason.
FAULTS: dict[tuple[str, str], Words] = {
    ("company", "not-digits"): _("Write the 9 digits of a SIREN or the 14 digits of a SIRET; spaces are allowed."),
    ("company", "key"): _("This number is not right: its key does not fit. Check it on an official document."),
    ("finess", "key"): _("This FINESS number is not right: nine characters, and a key that does not fit."),
    ("siret", "key"): _("This SIRET is not right: fourteen digits, and a key that does not fit."),
    ("siret", "other-company"): _("This SIRET is that of another company: its first nine digits are not your SIREN."),
    ("group_siren", "key"): _("This SIREN is not right: nine digits, and a key that does not fit."),
    ("security_email", "missing"): _("Write a mail address."),
}


def _text(label: Words, *, longest: int, help_text: Words = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "fr-input", **attrs}),
        error_messages=MISSING,
    )


def _number(label: Words, *, help_text: Words, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=30,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "fr-input", "autocomplete": "off", "spellcheck": "false"}),
        error_messages=MISSING,
    )


def _email(label: Words, help_text: Words = "") -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        help_text=help_text,
        widget=forms.EmailInput(attrs={"class": "fr-input", "autocomplete": "off"}),
        error_messages=EMAIL,
    )


class FaultyForm(EnsForm):
    """A form that puts faults found by a service beside their fields."""

    def refuse(self, field: str, reason: str) -> None:
        """Words of the fault; a field that this form has not is a fault of the whole."""
        words = FAULTS.get((field, reason), _("This value does not fit."))
        self.add_error(field if field in self.fields else None, words)


class FindForm(FaultyForm):
    """Which organisation it is."""

    company = _number(_("SIREN or SIRET number"), help_text=_("9 or 14 digits; spaces are allowed"))
    finess = _number(
        _("FINESS number"), help_text=_("For a health or medico-social establishment; 9 characters"), required=False
    )


class DetailsForm(FaultyForm):
    """What the organisation says of itself; `person` only at the registration."""

    person = _text(_("Your given name and name"), longest=120, autocomplete="name")
    name = _text(_("Name of the organisation"), longest=200, autocomplete="organization")
    siret = _number(
        _("SIRET of the establishment that signs"), help_text=_("14 digits, of which the first 9 are your SIREN")
    )
    finess = _number(_("FINESS number"), help_text=_("For a health or medico-social establishment"), required=False)
    group_siren = _number(
        _("SIREN of the group"),
        help_text=_("If another company owns yours: reviewers who are linked to it do not see your dossiers"),
        required=False,
    )
    representative_name = _text(
        _("Legal representative: given name and name"), longest=120, help_text=_("As in the register of companies")
    )
    representative_title = _text(
        _("Legal representative: function"), longest=120, help_text=_("For example: president")
    )
    contact_email = _email(_("Contact: mail address"), _("A link to confirm it is sent there"))
    security_email = _email(_("Security contact: mail address"), _("Read every day; we write there after an incident"))
    security_phone = forms.CharField(
        label=_("Security contact: phone"),
        max_length=20,
        help_text=_("For example: 02 61 91 00 00"),
        widget=forms.TextInput(attrs={"class": "fr-input", "autocomplete": "off", "inputmode": "tel"}),
        validators=[RegexValidator(r"^\+?[0-9 .]{6,20}$", _("Write digits, with spaces if you like."))],
        error_messages=MISSING,
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["person"]

    def details(self) -> Details:
        """After `is_valid`."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "person"}
        return Details(**values)


class JoinForm(EnsForm):
    """Who asks, and a word to the administrators."""

    name = _text(_("Your given name and name"), longest=120, autocomplete="name")
    message = forms.CharField(
        label=_("Message to the administrators"),
        max_length=500,
        required=False,
        help_text=_("Your function, for example"),
        widget=forms.Textarea(attrs={"class": "fr-input", "rows": "3"}),
    )


class AddressForm(EnsForm):
    """An address to have confirmed."""

    email = _email(_("Mail address"), _("A technical or public contact that your dossiers name"))


def initial_of(publisher: Publisher) -> dict[str, str]:
    """What the form of a change shows first."""
    return {name: str(getattr(publisher, name)) for name in Details.__dataclass_fields__}


def proposed(numbers: Numbers, known: Known | None) -> dict[str, str]:
    """What the form of a registration shows first."""
    name, place = (known.name, known.siret) if known is not None else ("", "")
    return {"name": name, "siret": numbers.siret or place, "finess": numbers.finess}
