"""Answers of whoever holds a notice: code and date, capacity, choice (O-02 to O-04, S29, O-09)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.rollout.models import Capacity
from apps.ui.forms import EnsForm

OPPOSE, OPEN, WAIT = "opposer", "ouvrir", "attendre"
_CAPACITIES = {
    Capacity.SELF: gettext_lazy("For myself"),
    Capacity.PARENT: gettext_lazy("For my minor child"),
    Capacity.PROTECTOR: gettext_lazy("For an adult whom I represent by a decision of a court"),
}
DECLARATIONS = {
    Capacity.PARENT: gettext_lazy("I declare that I hold parental authority over this child."),
    Capacity.PROTECTOR: gettext_lazy(
        "I declare that I am in charge of a protection measure with representation relating to the person."
    ),
}
_CHOICES = {
    OPPOSE: gettext_lazy("I oppose the opening of the space"),
    OPEN: gettext_lazy("I accept and want to open it now"),
    WAIT: gettext_lazy("I do not decide today"),
}


class IdentifyForm(EnsForm):
    """Code and birth date as they are typed; the page shows one text for all that is not right."""

    code = forms.CharField(max_length=40)
    day = forms.IntegerField(min_value=0, max_value=31)
    month = forms.IntegerField(min_value=0, max_value=12)
    year = forms.IntegerField(min_value=1800, max_value=2999)

    def birth_date(self) -> str:
        """Ten characters, `1952-06-00`; only after `is_valid`."""
        cleaned = self.cleaned_data
        return f"{cleaned['year']:04d}-{cleaned['month']:02d}-{cleaned['day']:02d}"


class DeclarationField(forms.BooleanField):
    """A box that the form asks for where the capacity wants it: neither always, nor optional."""

    def validate(self, value: Any) -> None:  # noqa: ANN401  Django's own signature
        """Nothing by itself."""


class CapacityForm(EnsForm):
    """For whom, the declaration on honour of a representative, where the receipt goes."""

    capacity = forms.ChoiceField(label=gettext_lazy("For whom are you doing this?"), widget=forms.RadioSelect)
    declared = DeclarationField(
        label="",
        help_text=gettext_lazy(
            "A false declaration may be punished by law. The other parent, if the health insurance knows them, will be "
            "told of your choice."
        ),
    )
    mail = forms.EmailField(
        label=gettext_lazy("Mail address for the receipt"),
        help_text=gettext_lazy("Without an address it leaves by post, to the address known to the health insurance."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, allowed: Iterable[Capacity], **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        self.allowed = tuple(allowed)
        self.fields["capacity"].choices = [(one.value, _CAPACITIES[one]) for one in self.allowed]
        self._word_declaration([DECLARATIONS[one] for one in self.allowed if one in DECLARATIONS])

    def clean(self) -> dict[str, Any]:
        """Representatives declare their quality (decisions.md 6)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("capacity") in DECLARATIONS and not cleaned.get("declared"):
            self.add_error("declared", _("Tick this declaration to go on."))
        return cleaned

    def _word_declaration(self, declarations: list[Any]) -> None:
        """The base class has made the bound fields by now: they carry the words that are shown."""
        if not declarations:
            del self.fields["declared"]
            return
        shown = self["declared"]
        shown.label = declarations[0]
        if Capacity.PARENT not in self.allowed:
            shown.help_text = _("Only if you represent this person. False declarations are punished.")


class ChoiceForm(EnsForm):
    """What is wanted; nothing is chosen beforehand.

    `asked`: the opening was asked for already. `waiting`: what comes of it when nothing is decided.
    """

    choice = forms.ChoiceField(label=gettext_lazy("What do you want to do?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, waiting: str, asked: bool = False, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        labels = _CHOICES | {WAIT: format_html('{}<span class="fr-hint-text">{}</span>', _CHOICES[WAIT], waiting)}
        self.fields["choice"].choices = [
            (value, label) for value, label in labels.items() if value != OPEN or not asked
        ]


class ClosingForm(EnsForm):
    """What a closing asks for beside the notice (S29)."""

    number = forms.CharField(
        label=gettext_lazy("Social security number (15 digits)"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    understood = forms.BooleanField(
        label=gettext_lazy("I have understood that nobody will have access to the documents any more.")
    )


class ReceiptForm(EnsForm):
    """The two things that a receipt shows."""

    reference = forms.CharField(
        label=gettext_lazy("Number of the receipt"),
        help_text=gettext_lazy("It begins with OPP or CLO."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    proof = forms.CharField(
        label=gettext_lazy("Verification code (8 characters)"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def capacity_words(capacity: str) -> str:
    """As the page that reads everything back says it."""
    return str(_CAPACITIES[Capacity(capacity)])


def choice_words(choice: str) -> str:
    """The same of the choice."""
    return str(_CHOICES[choice])
