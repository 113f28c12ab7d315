"""Conflicts in which somebody who has signed in is one of the two (O-08, decisions.md 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.rollout.models import Capacity, Conflict

AT_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnConflict:
    """For whom, since when, and what was decided; never who the other one is. `outcome` is empty while it is open."""

    short_name: str
    opened_at: datetime
    outcome: str
    decided_at: datetime | None


def own_conflicts(identity_id: UUID) -> list[OwnConflict]:
    """Those of this person, the newest first: who opposed, who wanted the opposite, who is meant themselves."""
    spoke = Q(against_id=identity_id) | Q(opposition__by_id=identity_id)
    is_meant = Q(person_id=identity_id, opposition__capacity=Capacity.SELF)
    rows = Conflict.objects.filter(spoke | is_meant).select_related("person__identity").order_by("-opened_at", "-id")
    return [
        OwnConflict(
            short_name=row.person.identity.short_name,
            opened_at=row.opened_at,
            outcome=row.outcome,
            decided_at=row.decided_at,
        )
        for row in rows[:AT_MOST]
    ]
