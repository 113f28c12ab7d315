"""Curves over time, of sums that grow: by day for a month, then by week (RO-01)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apps.rollout.figures.counting import Day

DAYS = 31  # up to so many days each one has a point
SENT = ("sent-mail", "sent-post")
ENDS = ("ends",)
OPPOSED = ("opposed-online", "opposed-account", "opposed-phone", "opposed-post", "opposed-counter")
OPENED = ("opened",)
ACTIVATED = ("activated",)
RETURNED = ("returned",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Sum up to the end of a day."""

    day: date
    number: int


def marks(days: Sequence[Day], *, until: date) -> tuple[date, ...]:
    """Days that get a point: every one from the first fact on, or every Sunday and the last; none without facts."""
    facts = [row.day for row in days if row.day <= until]
    if not facts:
        return ()
    first = min(facts)
    length = (until - first).days + 1
    every = [first + timedelta(days=number) for number in range(length)]
    if length <= DAYS:
        return tuple(every)
    return tuple(day for day in every if day.isoweekday() == 7 or day == until)  # noqa: PLR2004  Sunday


def curve(days: Sequence[Day], names: Collection[str], at: Sequence[date]) -> tuple[Point, ...]:
    """Sums of the facts of these names up to each mark."""
    mine = sorted((row.day, row.number) for row in days if row.name in names)
    points, place, total = [], 0, 0
    for mark in at:
        while place < len(mine) and mine[place][0] <= mark:
            total += mine[place][1]
            place += 1
        points.append(Point(day=mark, number=total))
    return tuple(points)
