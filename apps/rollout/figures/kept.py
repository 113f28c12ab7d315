"""Where pages take their counts from: the last ones of the job, or fresh ones while the register is small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db import connection

from apps.common.dates import PARIS
from apps.rollout.figures import counting
from apps.rollout.figures.counting import Day, Delay, Group, Row, Sending, Standing
from apps.rollout.figures.differences import Difference
from apps.rollout.figures.outcomes import Cell
from apps.rollout.models import KeptFigures

SMALL = 20_000  # people up to whom a page counts by itself: the sheet, which takes longest, stays under 300 ms
Item = TypeVar("Item")
Kind = KeptFigures.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Generic[Item]):
    """Counts and the instant of which they speak."""

    at: datetime
    items: list[Item]


def standings(at: datetime) -> Counted[Standing]:
    """People by wave, state and hold."""
    return _counted(Kind.STANDINGS, counting.standings, at)


def notices(at: datetime) -> Counted[Sending]:
    """Notices by wave, state and channel."""
    return _counted(Kind.NOTICES, counting.notices, at)


def days(at: datetime) -> Counted[Day]:
    """What happened by day and wave."""
    return _counted(Kind.DAYS, counting.days, at)


def groups(at: datetime) -> Counted[Group]:
    """People who are done by department and age class."""
    return _counted(Kind.GROUPS, counting.groups, at)


def delays(at: datetime) -> Counted[Delay]:
    """Days that people waited."""
    return _counted(Kind.DELAYS, counting.delays, at)


def outcomes(at: datetime) -> Counted[Cell]:
    """What became of people, by the states and by the facts."""
    return _counted(Kind.OUTCOMES, counting.outcomes, at)


def differences(at: datetime) -> Counted[tuple[UUID | None, Difference]]:
    """What does not agree beside the outcomes, with its wave."""
    return _counted(Kind.DIFFERENCES, counting.differences, at)


def is_small() -> bool:
    """Whether the register is small by the word of the planner, without counting it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'rollout_eligibleperson'::regclass")
        (people,) = cursor.fetchone()
    return bool(people < SMALL)


def _counted(kind: Kind, read: Callable[[Sequence[Row]], list[Item]], at: datetime) -> Counted[Item]:
    kept = None if is_small() else KeptFigures.objects.filter(kind=kind).first()
    if kept is None:
        return Counted(at=at, items=read(counting.count(kind, at.astimezone(PARIS).date())))
    return Counted(at=kept.made_at, items=read(kept.rows))
