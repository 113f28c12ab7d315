from __future__ import annotations

from datetime import date

import pytest

from apps.common.workdays import add_workdays, holiday_name, is_workday


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "Jour de l'an"),
        (date(2026, 4, 6), "Lundi de Pâques"),
        (date(2026, 5, 14), "Ascension"),
        (date(2026, 7, 14), "Fête nationale"),
        (date(2026, 7, 15), None),
    ],
)
def test_public_holidays_of_france(day, name):
    assert holiday_name(day) == name


def test_saturdays_sundays_and_holidays_are_no_working_days():
    assert is_workday(date(2026, 5, 15))  # the Friday after Ascension
    assert not is_workday(date(2026, 5, 14))
    assert not is_workday(date(2026, 5, 16))


def test_five_working_days_over_a_weekend_and_two_holidays():
    """Thursday 30 April 2026: 1 May and 8 May are holidays."""
    assert add_workdays(date(2026, 4, 30), 5) == date(2026, 5, 11)
    assert add_workdays(date(2026, 4, 30), 1) == date(2026, 5, 4)
