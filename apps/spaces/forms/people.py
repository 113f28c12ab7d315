"""Traits of a person to be found, sections and days of help (SE-06, SE-08)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.access import Section
from apps.accounts.ins import Authority, InvalidInsError, parse_full
from apps.common.dates import PARIS, PartialDate, PartialDateError
from apps.spaces.models import Representation
from apps.spaces.models.people import MANAGE, READ
from apps.spaces.services.delegations import check_period, last_day_allowed
from apps.spaces.services.errors import PeriodError
from apps.spaces.services.finding import Kind, Terms, Traits
from apps.ui.forms import EnsForm
from apps.ui.words import day

NONE = "aucun"
_BIRTH = re.compile(r"(\d{2})\s*[/.\-\s]\s*(\d{2})\s*[/.\-\s]\s*(\d{4})")
_DOCUMENTS = [
    (READ, gettext_lazy("Look at the documents")),
    (MANAGE, gettext_lazy("Look at the documents, hide them and show them again")),
    (NONE, gettext_lazy("No access")),
]
_MESSAGES = [
    (READ, gettext_lazy("Read the messages")),
    (MANAGE, gettext_lazy("Read the messages, answer them, close and delete conversations")),
    (NONE, gettext_lazy("No access")),
]
_HISTORY = [(READ, gettext_lazy("See who looked at the data")), (NONE, gettext_lazy("No access"))]


def _day_field(label: Any, help_text: Any = "") -> forms.DateField:  # noqa: ANN401  lazy text
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class PersonForm(EnsForm):
    """All four traits of somebody who has an account: one that differs finds nobody (SPA-53)."""

    ins_number = forms.CharField(
        label=gettext_lazy("Social security number (15 digits)"),
        help_text=gettext_lazy("It stands on the person's carte Vitale. Ask the person for it."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "spellcheck": "false"}),
    )
    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    family_name = forms.CharField(
        label=gettext_lazy("Family name"),
        help_text=gettext_lazy("Birth name, or name in use."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = forms.CharField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Example: 14/06/1984. Write 00 for a day or a month that is not known."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_ins_number(self) -> str:
        """Thirteen characters; only the form of the number is looked at, never whether somebody has it."""
        try:
            return parse_full(full=self.cleaned_data["ins_number"], authority=Authority.NIR).number
        except InvalidInsError as error:
            raise forms.ValidationError(_("This number is not complete or has a typing mistake. Check it.")) from error

    def clean_birth_date(self) -> str:
        """Ten characters as civil status keeps them, `1952-06-00` for an unknown day."""
        match = _BIRTH.fullmatch(self.cleaned_data["birth_date"].strip())
        try:
            return PartialDate.parse(f"{match[3]}-{match[2]}-{match[1]}" if match else "").with_zeros()
        except PartialDateError as error:
            raise forms.ValidationError(_("Write the date as day/month/year, for example 14/06/1984.")) from error

    def traits(self) -> Traits:
        """Only after `is_valid`."""
        cleaned = self.cleaned_data
        return Traits(**{name: cleaned[name] for name in ("ins_number", "first_name", "family_name", "birth_date")})


class SectionsForm(EnsForm):
    """What a relative may do and until when: at least one section, at most twelve months (SPA-55, decisions 9)."""

    documents = forms.ChoiceField(
        label=gettext_lazy("The documents"), choices=_DOCUMENTS, widget=forms.RadioSelect, initial=READ
    )
    messages = forms.ChoiceField(
        label=gettext_lazy("The mailbox"),
        choices=_MESSAGES,
        widget=forms.RadioSelect,
        initial=NONE,
        required=False,  # a page that was opened before the question existed opens nothing
    )
    history = forms.ChoiceField(
        label=gettext_lazy("The history of accesses"), choices=_HISTORY, widget=forms.RadioSelect, initial=NONE
    )
    ends_on = _day_field(gettext_lazy("Last day of help"))

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own signature
        at: datetime,
        begins_on: date | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """`begins_on`: the first day where the form does not ask for it; today when it is left out."""
        super().__init__(*args, **kwargs)
        self.at = at
        self.begins_on = begins_on or self.today
        last = _("At most twelve months: %(day)s. You may renew it.") % {"day": day(last_day_allowed(at=at))}
        self.fields["ends_on"].help_text = last

    def clean(self) -> dict[str, Any]:
        """One section at least, days in their order and within twelve months."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.sections():
            self.add_error("documents", _("Choose at least one thing that this person may do."))
        starts_on, ends_on = cleaned.get("starts_on", self.begins_on), cleaned.get("ends_on")
        if starts_on is not None and ends_on is not None:
            self._check(starts_on, ends_on)
        return cleaned

    @property
    def today(self) -> date:
        return self.at.astimezone(PARIS).date()

    def sections(self) -> dict[str, str]:
        """Sections that are open, with their level."""
        wanted = {section.value: self.cleaned_data.get(section.value) for section in Section}
        return {section: level for section, level in wanted.items() if level and level != NONE}

    def _check(self, starts_on: date, ends_on: date) -> None:
        try:
            check_period(starts_on=starts_on, ends_on=ends_on, at=self.at)
        except PeriodError:
            last = day(last_day_allowed(at=self.at))
            if starts_on < self.today:
                self.add_error("starts_on", _("The first day cannot be in the past."))
            elif ends_on < starts_on:
                self.add_error("ends_on", _("The last day is before the first one, or in the past."))
            else:
                self.add_error("ends_on", _("The help may last twelve months at most: until %(day)s.") % {"day": last})


class InviteForm(SectionsForm, PersonForm):
    """Whom the holder invites, for what, from when to when."""

    starts_on = _day_field(gettext_lazy("First day of help"))
    field_order = (*PersonForm.base_fields, "documents", "messages", "history", "starts_on", "ends_on")

    def terms(self) -> Terms:
        """Only after `is_valid`."""
        cleaned = self.cleaned_data
        return Terms(sections=self.sections(), starts_on=cleaned["starts_on"], ends_on=cleaned["ends_on"])


class RepresentativeForm(PersonForm):
    """The second representative of a child, whose quality the first one certifies (SPA-41)."""

    capacity = forms.ChoiceField(
        label=gettext_lazy("Quality of this person"),
        choices=[
            (choice.value, choice.label)
            for choice in (
                Representation.Capacity.MOTHER,
                Representation.Capacity.FATHER,
                Representation.Capacity.FAMILY,
            )
        ],
        widget=forms.RadioSelect,
    )
    certified = forms.BooleanField(
        label=gettext_lazy("I certify that this person holds parental authority or was named by the judge.")
    )
    field_order = (*PersonForm.base_fields, "capacity", "certified")

    def terms(self) -> Terms:
        """Only after `is_valid`."""
        return Terms(kind=Kind.LEGAL_REPRESENTATION, capacity=self.cleaned_data["capacity"])
