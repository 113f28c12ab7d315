"""Working days in France: Monday to Friday without public holidays of the mainland."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

_SATURDAY = 5
_FRANCE = holidays.country_holidays("FR", language="fr")


def holiday_name(day: date) -> str | None:
    """Name of the public holiday in French; None for any other day."""
    name: str | None = _FRANCE.get(day)
    return name


def is_workday(day: date) -> bool:
    """Monday to Friday, no public holiday."""
    return day.weekday() < _SATURDAY and holiday_name(day) is None


def add_workdays(day: date, number: int) -> date:
    """The working day that comes `number` working days after `day`; `number` from 1."""
    while number:
        day += timedelta(days=1)
        number -= is_workday(day)
    return day
