"""Filters of pages that read several domains.

An unknown value falls back to the first choice: an address may be old.
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.journeys.history import Choice, Period, Who
from apps.ui.forms import EnsForm

PERIODS = {
    Period.MONTH: _("Last 30 days"),
    Period.YEAR: _("Last 12 months"),
    Period.ALL: _("Since the beginning"),
}
PEOPLE = {
    Who.EVERYBODY: _("Everybody"),
    Who.PROFESSIONALS: _("Professionals"),
    Who.RELATIVES: _("Relatives"),
}


class HistoryForm(EnsForm):
    """Filters of the access history; they stand in the address, which holds nothing about health."""

    mark_optional = False
    periode = forms.ChoiceField(
        label=_("Period"), choices=[(key.value, label) for key, label in PERIODS.items()], required=False
    )
    qui = forms.ChoiceField(
        label=_("Who"), choices=[(key.value, label) for key, label in PEOPLE.items()], required=False
    )

    def choice(self) -> Choice:
        """The filters as values; `vue=mes-actions` shows the reader's own acts."""
        period, who = self.data.get("periode"), self.data.get("qui")
        return Choice(
            own=self.data.get("vue") == "mes-actions",
            period=Period(period) if period in PERIODS else Period.MONTH,
            who=Who(who) if who in PEOPLE else Who.EVERYBODY,
        )

    def in_words(self) -> list[str]:
        """The filters as a reader chose them."""
        choice = self.choice()
        words = [str(PERIODS[choice.period])] if choice.period is not Period.ALL else []
        return words if choice.who is Who.EVERYBODY else [*words, str(PEOPLE[choice.who])]
