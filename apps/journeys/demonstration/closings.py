"""Closed spaces of the demonstration: one of the cast, and one in a hundred of the invented people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from apps.access import Actor, Rights, Role
from apps.journeys.demonstration.story import closings, opened_at
from apps.spaces.models import HealthSpace
from apps.spaces.services.closing import close_space

ONE_IN = 100
_FIRST_DAY = 3  # after the opening


def close_some(*, spaces: Mapping[str, UUID], today: date, until: datetime) -> int:
    """Close them as their holders would have; returns how many. `spaces` by key of the cast."""
    closed = 0
    for space_id, at in _all(spaces, today):
        if at <= until:
            holder = Actor(role=Role.HOLDER, at=at, space_id=space_id, rights=Rights(space_open=True))
            close_space(actor=holder, space_id=space_id, reason=HealthSpace.ClosureReason.HOLDER, at=at)
            closed += 1
    return closed


def _all(spaces: Mapping[str, UUID], today: date) -> Iterator[tuple[UUID, datetime]]:
    for entry in closings(today=today):
        yield spaces[entry.holder], entry.at
    start = opened_at(today)
    adults = HealthSpace.objects.filter(identity__eligibility__situation="MAJEUR").exclude(pk__in=spaces.values())
    ids = adults.order_by("pk").values_list("pk", flat=True)
    for place, space_id in enumerate(ids[ONE_IN - 1 :: ONE_IN]):
        yield space_id, start + timedelta(days=_FIRST_DAY + place, hours=place % 9)
