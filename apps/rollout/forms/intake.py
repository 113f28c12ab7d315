"""RO-06: looking for the person, entering what they want, an opposition whose person is not found, a decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import InsIdentity
from apps.rollout.forms.population import SearchForm
from apps.rollout.models import Capacity, Channel, Notice
from apps.rollout.services.claims import NewClaim
from apps.rollout.services.intake import HELPED, OLDEST, Entry
from apps.rollout.services.scans import LARGEST
from apps.rollout.services.wishes import Contact
from apps.ui.forms import EnsForm

OPPOSE, WITHDRAW, CONFIRM = "opposer", "retirer", "confirmer"
BY_POST, BY_MAIL, NONE = "courrier", "courriel", "aucun"
_CHANNELS = [(one.value, Channel(one).label) for one in HELPED]
_CAPACITIES = {
    Capacity.SELF: gettext_lazy("The person"),
    Capacity.PARENT: gettext_lazy("A parent of the child"),
    Capacity.PROTECTOR: gettext_lazy("The person in charge of a protection measure"),
}


class FindForm(SearchForm):
    """By the code of the notice, by number, or by birth name and birth date."""

    field_order = ("code", "number", "family_name", "birth_date")
    code = forms.CharField(
        label=gettext_lazy("Code of the notice"),
        help_text=gettext_lazy("12 characters; capitals and dashes do not matter."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """A code is enough."""
        found: dict[str, Any] = self.cleaned_data
        return found if found.get("code") else super().clean()

    def traits(self) -> dict[str, str]:
        """Number and traits; only after `is_valid`."""
        return {name: self.cleaned_data[name] for name in ("number", "family_name", "birth_date")}


class _Received(EnsForm):
    """What every entry says: how it came, when, with which letter."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=_CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how it came.")},
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"),
        help_text=gettext_lazy(
            "The day of the call or of the visit; for a letter, the day it came. It is the date of effect."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Give the day on which it was received.")},
    )
    scan = forms.FileField(
        label=gettext_lazy("Scan of the letter"),
        help_text=gettext_lazy("PDF or JPEG, 10 MB at most. Kept encrypted; the antivirus looks at it first."),
        required=False,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["received_on"].initial = today

    def clean_received_on(self) -> date:
        """Not tomorrow; no year of two digits either, which some browsers send as « 0026 »."""
        day: date = self.cleaned_data["received_on"]
        if day > self._today:
            raise forms.ValidationError(_("This day is still to come. Give the day on which it was received."))
        if day < self._today - OLDEST:
            raise forms.ValidationError(_("This day is more than a year ago. Check the year."))
        return day

    def clean_scan(self) -> bytes:
        """The bytes; their kind is looked at by content."""
        file: UploadedFile[bytes] | None = self.cleaned_data.get("scan")
        if not file:
            return b""
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is larger than 10 MB. Scan it in grey, 200 dots an inch."))
        data: bytes = file.read()
        return data

    def refuse_scan(self) -> None:
        """What the service found out about its content."""
        self.add_error("scan", _("This file is neither PDF nor JPEG. Scan the letter as PDF or JPEG."))


class EntryForm(_Received):
    """Who speaks: `capacities` that go with the person, `representatives` whom the register knows."""

    voice = forms.ChoiceField(
        label=gettext_lazy("Who asks for it"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say who asks for it.")},
    )
    receipt = forms.ChoiceField(
        label=gettext_lazy("Receipt"),
        widget=forms.RadioSelect,
        initial=BY_POST,
        error_messages={"required": gettext_lazy("Say how the receipt goes out.")},
        choices=[
            (BY_POST, gettext_lazy("By post, to the address known to the health insurance")),
            (BY_MAIL, gettext_lazy("By e-mail, to the address below")),
            (NONE, gettext_lazy("None is wanted")),
        ],
    )
    mail = forms.EmailField(label=gettext_lazy("E-mail address for the receipt"), required=False, max_length=254)
    field_order = ("channel", "received_on", "voice", "scan", "receipt", "mail")

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own signature
        capacities: tuple[Capacity, ...],
        representatives: list[InsIdentity],
        has_scan: bool = False,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self._has_scan = has_scan
        self._voices: dict[str, tuple[Capacity, InsIdentity | None]] = {}
        for capacity in capacities:
            if capacity != Capacity.SELF:
                self._voices |= {f"{capacity}:{one.pk}": (capacity, one) for one in representatives}
            self._voices[capacity.value] = (capacity, None)
        self.fields["voice"].choices = [(key, self._words(*voice)) for key, voice in self._voices.items()]

    def clean(self) -> dict[str, Any]:
        """A letter has its scan, a mail its address."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("channel") == Channel.POST and not (cleaned.get("scan") or self._has_scan or self.errors):
            self.add_error("scan", _("Add the scan of the letter: it is the proof."))
        if cleaned.get("receipt") == BY_MAIL and not cleaned.get("mail") and "mail" not in self.errors:
            self.add_error("mail", _("Give the address to which the receipt goes, or choose the post."))
        return cleaned

    def entry(self) -> Entry:
        """Only after `is_valid`."""
        cleaned = self.cleaned_data
        capacity, by = self._voices[cleaned["voice"]]
        return Entry(
            channel=Channel(cleaned["channel"]),
            received_on=cleaned["received_on"],
            capacity=capacity,
            by=by,
            contact=_contact(cleaned["receipt"], cleaned["mail"]),
            scan=cleaned["scan"],
        )

    def _words(self, capacity: Capacity, by: InsIdentity | None) -> str:
        if by is None:
            words = str(_CAPACITIES[capacity])
            return words if capacity == Capacity.SELF else _("%(who)s, not known to the register") % {"who": words}
        return _("%(who)s: %(initials)s, born in %(year)s") % {
            "who": _CAPACITIES[capacity],
            "initials": f"{by.first_given_name[:1]}. {by.birth_family_name[:1]}.",
            "year": by.birth_date[:4],
        }


class ClaimForm(_Received):
    """What the writer said of a person who is not found."""

    capacity = forms.ChoiceField(
        label=gettext_lazy("Who asks for it"),
        widget=forms.RadioSelect,
        choices=list(_CAPACITIES.items()),
        error_messages={"required": gettext_lazy("Say who asks for it.")},
    )
    family_name = forms.CharField(
        label=gettext_lazy("Birth name of the person"),
        max_length=100,
        error_messages={"required": gettext_lazy("Give the birth name of the person.")},
    )
    given_name = forms.CharField(
        label=gettext_lazy("First given name of the person"),
        max_length=100,
        error_messages={"required": gettext_lazy("Give the first given name of the person.")},
    )
    birth_date = forms.CharField(
        label=gettext_lazy("Date of birth of the person"),
        error_messages={"required": gettext_lazy("Give the date of birth of the person.")},
        help_text=gettext_lazy("Example: 14/06/1984. Write 00 for a day or a month that is not known."),
        max_length=20,
    )
    post_code = forms.CharField(label=gettext_lazy("Post code"), required=False, max_length=10)
    contact = forms.CharField(
        label=gettext_lazy("Where the writer can be reached"),
        error_messages={"required": gettext_lazy("Say where the writer can be reached.")},
        help_text=gettext_lazy("Postal or e-mail address, or phone number: the answer goes there."),
        max_length=300,
    )
    field_order = (
        "channel", "received_on", "capacity", "family_name", "given_name", "birth_date", "post_code", "contact", "scan",
    )  # fmt: skip
    clean_birth_date = SearchForm.clean_birth_date

    def new(self) -> NewClaim:
        """Only after `is_valid`."""
        cleaned = self.cleaned_data
        return NewClaim(
            channel=Channel(cleaned["channel"]),
            capacity=Capacity(cleaned["capacity"]),
            received_on=cleaned["received_on"],
            family_name=cleaned["family_name"],
            given_name=cleaned["given_name"],
            birth_date=cleaned["birth_date"],
            post_code=cleaned["post_code"],
            contact=cleaned["contact"],
            scan=cleaned["scan"],
        )


class OppositionFilterForm(EnsForm):
    """By address: the filters name no person."""

    mark_optional = False
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"), required=False, choices=[("", gettext_lazy("All")), *Channel.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("standing", gettext_lazy("standing")),
            ("withdrawn", gettext_lazy("withdrawn")),
            ("late", gettext_lazy("closed a space")),
        ],
    )
    since = forms.DateField(
        label=gettext_lazy("Entered since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def active(self) -> dict[str, str]:
        """Filters that are right and set, as their address writes them."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        return {name: str(value) for name, value in cleaned.items() if value}


def _contact(receipt: str, mail: str) -> Contact | None:
    if receipt == NONE:
        return None
    channel = Notice.Channel.MAIL if receipt == BY_MAIL else Notice.Channel.POST
    return Contact(channel=channel, mail=mail if receipt == BY_MAIL else "")
