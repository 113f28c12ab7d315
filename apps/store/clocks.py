"""Ends of terms: days in Paris, until 23:59:59; a clock that stands still counts by intervals (STO-82)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from apps.common.dates import PARIS, midnight
from apps.common.workdays import add_workdays
from apps.store.states import Term
from apps.store.states.machine import Unit

_ONE_SECOND = timedelta(seconds=1)
_DECEMBER = 12


def end_of(term: Term, *, since: datetime) -> datetime:
    """Last second of the term of somebody whose turn begins at `since`; the first day is the day after."""
    day = since.astimezone(PARIS).date()
    match term.unit:
        case Unit.WORKDAYS:
            return last_second(add_workdays(day, term.number))
        case Unit.DAYS:
            return last_second(day + timedelta(days=term.number))
        case Unit.MONTHS:
            return last_second(months_after(day, term.number))


def last_second(day: date) -> datetime:
    """23:59:59 of the day in Paris."""
    return midnight(day + timedelta(days=1)) - _ONE_SECOND


def is_over(end: datetime, *, at: datetime) -> bool:
    """Whether the last second of a term has passed: all of that second still counts."""
    return at >= end + _ONE_SECOND


def months_after(day: date, number: int) -> date:
    """The same day `number` months later, the last of a shorter month."""
    months = day.year * _DECEMBER + day.month - 1 + number
    year, month = divmod(months, _DECEMBER)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_run(intervals: Iterable[tuple[datetime, datetime | None]], *, at: datetime) -> int:
    """Whole days in Paris on which a clock has run until `at`; the day of a start does not count, that of a stop does.

    Intervals follow one another; the last may still run (None).
    """
    total = 0
    for start, stop in intervals:
        end = min(stop or at, at)
        total += max((end.astimezone(PARIS).date() - start.astimezone(PARIS).date()).days, 0)
    return total


def end_of_running(term: Term, *, intervals: Iterable[tuple[datetime, datetime | None]], at: datetime) -> datetime:
    """End of a term of which only the days of the running clock count; in the past when they are used up."""
    left = term.number - days_run(intervals, at=at)
    return last_second(at.astimezone(PARIS).date() + timedelta(days=left))
