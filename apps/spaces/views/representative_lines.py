"""Representations as their page shows them (SE-08)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.spaces.majority import is_minor, majority_at
from apps.spaces.models import HealthSpace, Representation
from apps.spaces.querysets import NO_END


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationLine:
    """`until` None without a known end; `assists`: sees only with the person's consent, decides nothing (SPA-51)."""

    id: UUID
    name: str
    capacity: str
    measure: str
    scope: str
    starts_at: datetime
    until: datetime | None
    is_over: bool
    is_dead: bool
    assists: bool
    consented_at: datetime | None


def representation_lines(rows: Iterable[Representation], *, at: datetime) -> list[RepresentationLine]:
    return [
        RepresentationLine(
            id=row.id,
            name=row.person.display_name,
            capacity=str(row.get_capacity_display()),
            measure=str(row.get_measure_display()) if row.measure else "",
            scope=str(row.get_scope_display()) if row.measure else "",
            starts_at=row.starts_at,
            until=None if row.until == NO_END else row.until,
            is_over=row.until <= at or row.person.died_on is not None,
            is_dead=row.person.died_on is not None,
            assists=row.mode == Representation.Mode.ASSISTANCE or row.scope == Representation.Scope.GOODS,
            consented_at=row.consented_at,
        )
        for row in rows
    ]


def coming_of_age(space: HealthSpace, *, at: datetime) -> datetime | None:
    """Midnight in Paris of the 18th birthday, while it lies ahead (SPA-48)."""
    return majority_at(space.identity.born_on) if is_minor(space.identity.born_on, at=at) else None
