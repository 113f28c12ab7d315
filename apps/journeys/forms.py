"""Filters of pages that read several domains.

An unknown value falls back to the first choice: an address may be old.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.dmp.services import TITLE_AT_MOST, TYPES
from apps.dmp.words import CATEGORIES
from apps.formats.mail.names import clean_line
from apps.journeys.history import Choice, Period, Who
from apps.journeys.services.saving import Answers
from apps.ui.forms import EnsForm

_FIRST_YEAR = 1900
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


VISIBLE, HIDDEN = "visible", "masque"


class AttachmentForm(EnsForm):
    """What is asked before an attachment enters the record (MSS-55, DMP-50); `is_clinical` leaves the visibility
    alone, because a document of a professional has a title, a day and a category of its own.
    """

    title = forms.CharField(label=_("Name of the document"), max_length=TITLE_AT_MOST)
    dated = forms.DateField(
        label=_("Date of the document"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    category = forms.ChoiceField(label=_("Category"))
    visibility = forms.ChoiceField(
        label=_("Who will see it"),
        widget=forms.RadioSelect,
        choices=[
            (VISIBLE, _("Visible to the professionals who care for me")),
            (HIDDEN, _("Hidden from professionals")),
        ],
    )

    def __init__(self, *args: Any, today: date, is_clinical: bool, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        self._today = today
        field = self.fields["category"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose a category")), *((code, CATEGORIES[code]) for code in TYPES)]
        if is_clinical:
            for name in ("title", "dated", "category"):
                del self.fields[name]

    def clean_title(self) -> str:
        """One line of words."""
        title = clean_line(self.cleaned_data["title"], limit=TITLE_AT_MOST)
        if not title:
            raise forms.ValidationError(_("Give the document a name, such as « Blood test of March »."))
        return title

    def clean_dated(self) -> date:
        """Not in the future, and in a century that a date has four digits in."""
        dated: date = self.cleaned_data["dated"]
        if dated > self._today:
            raise forms.ValidationError(_("This date is in the future. Give the date written on the document."))
        if dated.year < _FIRST_YEAR:
            raise forms.ValidationError(_("This date is too long ago. Check the year."))
        return dated

    def answers(self) -> Answers:
        """Only after `is_valid`."""
        cleaned = self.cleaned_data
        return Answers(
            hidden=cleaned["visibility"] == HIDDEN,
            title=cleaned.get("title", ""),
            dated=cleaned.get("dated"),
            category=cleaned.get("category", ""),
        )
