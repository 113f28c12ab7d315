from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.dmp.filters import Filters, PeriodChoice, StateChoice
from apps.dmp.models import Folder
from apps.dmp.services import Names
from apps.dmp.words import CATEGORIES, NOT_IN_FILTER
from apps.ui.forms import EnsForm

MAX_WORDS = 200  # SEC-32
MAX_SELECTED = 200  # SEC-32

PERIODS = [
    (PeriodChoice.ANY.value, _("All dates")),
    (PeriodChoice.THREE_MONTHS.value, _("Last 3 months")),
    (PeriodChoice.TWELVE_MONTHS.value, _("Last 12 months")),
    (PeriodChoice.DATES.value, _("Choose dates")),
]
STATES = [
    (StateChoice.ANY.value, pgettext_lazy("states of documents", "All")),
    (StateChoice.NEW.value, pgettext_lazy("states of documents", "New")),
    (StateChoice.HIDDEN.value, pgettext_lazy("states of documents", "Hidden")),
    (StateChoice.PINNED.value, pgettext_lazy("states of documents", "Pinned")),
    (StateChoice.ARCHIVED.value, pgettext_lazy("states of documents", "Archived")),
]
BY_ME = (StateChoice.MINE.value, pgettext_lazy("states of documents", "Added by me"))
BY_HOLDER = (StateChoice.ADDED.value, pgettext_lazy("states of documents", "Added in this space"))


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What the filters offer: `names` and `folders` that the reader may see, no others (SEC-05); `is_own`: the reader's
    own space.
    """

    names: Names
    folders: list[Folder]
    is_own: bool


class FilterForm(EnsForm):
    """Search and filters of the list (D-01). Sent by POST: words and names stay out of addresses and logs (SEC-16)."""

    mark_optional = False

    words = forms.CharField(
        label=_("Search for a document"), required=False, max_length=MAX_WORDS, widget=forms.HiddenInput
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    period = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)
    first = forms.DateField(label=_("From (included)"), required=False, widget=_day_input())
    last = forms.DateField(label=_("To (included)"), required=False, widget=_day_input())
    author = forms.ChoiceField(label=_("Author"), required=False)
    place = forms.ChoiceField(label=pgettext_lazy("filter of documents", "Place"), required=False)
    folder = forms.ChoiceField(label=_("Folder"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        """Without folders nothing is asked of them."""
        super().__init__(*args, **kwargs)
        offered = [item for item in CATEGORIES.items() if item[0] not in NOT_IN_FILTER]
        _offer(self.fields["category"], _("All categories"), offered)
        _offer(self.fields["author"], _("All authors"), [(name, name) for name in offers.names.authors])
        _offer(self.fields["place"], _("All places"), [(name, name) for name in offers.names.places])
        _offer(self.fields["folder"], _("All folders"), [(str(one.id), one.name) for one in offers.folders])
        _offer(self.fields["state"], None, [*STATES, BY_ME if offers.is_own else BY_HOLDER])
        if not offers.folders:
            del self.fields["folder"]

    def clean(self) -> dict[str, Any]:
        """Dates without a period mean « choose dates »; reversed ones are told (D-01)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if not cleaned.get("period") and (first or last):
            cleaned["period"] = PeriodChoice.DATES.value
        if cleaned.get("period") != PeriodChoice.DATES:
            return cleaned
        if first and last and first > last:
            self.add_error("last", _("This date is before the first one. Put the earlier date first."))
        elif not (first or last or self.errors):
            self.add_error("first", _("Give at least one of the two dates."))
        return cleaned

    def filters(self) -> Filters:
        """What was asked for; only after `is_valid`."""
        cleaned = self.cleaned_data
        by_dates = cleaned["period"] == PeriodChoice.DATES
        return Filters(
            words=cleaned["words"],
            category=cleaned["category"],
            period=PeriodChoice(cleaned["period"]),
            first=_iso(cleaned["first"]) if by_dates else "",
            last=_iso(cleaned["last"]) if by_dates else "",
            author=cleaned["author"],
            folder=cleaned.get("folder", ""),
            place=cleaned["place"],
            state=StateChoice(cleaned["state"]),
        )


class SelectionForm(forms.Form):
    """Ticked rows of the list: at most 200 ids, each looked at again by the service (SEC-02)."""

    document = forms.TypedMultipleChoiceField(coerce=UUID)

    def __init__(self, data: Any) -> None:  # noqa: ANN401  a QueryDict
        super().__init__(data)
        sent = data.getlist("document")[: MAX_SELECTED + 1]
        _offer(self.fields["document"], None, [(value, value) for value in sent])


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


def _offer(field: forms.Field, everything: Any, found: list[tuple[str, Any]]) -> None:  # noqa: ANN401  lazy text
    if isinstance(field, forms.ChoiceField):
        field.choices = [*([("", everything)] if everything else []), *found]
