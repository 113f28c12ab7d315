from __future__ import annotations

from datetime import date

import pytest

from apps.dmp.filter_words import filter_label, labels_in_sentence
from apps.dmp.filters import Filters, PeriodChoice, StateChoice, months_before


@pytest.mark.parametrize(
    ("today", "months", "expected"),
    [
        (date(2026, 11, 25), 3, date(2026, 8, 25)),
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
    ],
)
def test_months_back_end_on_a_day_that_exists(today, months, expected):
    assert months_before(today, months) == expected


def test_dates_are_both_included_and_may_be_open():
    filters = Filters(period=PeriodChoice.DATES, first="2026-05-01")
    assert filters.bounds(date(2026, 11, 25)) == (date(2026, 5, 1), None)


def test_what_the_session_keeps_comes_back():
    filters = Filters(words="sang", period=PeriodChoice.DATES, last="2026-05-31", state=StateChoice.HIDDEN)
    assert filters.as_dict() == {"words": "sang", "period": "dates", "last": "2026-05-31", "state": "hidden"}
    assert Filters.from_dict(filters.as_dict()) == filters


@pytest.mark.parametrize("state", StateChoice)
def test_each_state_comes_back_and_has_its_words(state):
    filters = Filters(place="Laboratoire des Rives", state=state)
    assert Filters.from_dict(filters.as_dict()) == filters
    assert filters.active == (("place", "state") if state else ("place",))
    assert all(filter_label(filters, name) for name in filters.active)


def test_names_of_places_keep_their_capital_in_a_sentence():
    filters = Filters(place="Laboratoire des Rives", state=StateChoice.ARCHIVED)
    assert labels_in_sentence(filters) == "Laboratoire des Rives, documents archivés"


def test_taking_the_period_away_takes_its_dates_along():
    filters = Filters(category="BIOLOGIE", period=PeriodChoice.DATES, first="2026-05-01")
    assert filters.without("period") == Filters(category="BIOLOGIE")
    assert filters.without("unknown") == filters
