"""A second parent who has accepted (SPA-41)."""

from __future__ import annotations

from datetime import datetime

from apps.spaces.majority import majority_at
from apps.spaces.models import DelegationInvitation, HealthSpace, Representation


def represent(*, space: HealthSpace, invitation: DelegationInvitation, at: datetime) -> Representation:
    """The right of the second parent, until midnight of the child's 18th birthday (SPA-48)."""
    Representation.objects.close_overdue(space_id=space.id, person_id=invitation.person_id, at=at)
    return Representation.objects.create(
        space_id=space.id,
        person_id=invitation.person_id,
        capacity=invitation.capacity,
        starts_at=at,
        ends_at=majority_at(space.identity.born_on),
    )
