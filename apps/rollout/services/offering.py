"""Whose space somebody who has signed in may activate, as the choice of a space and S-08 offer it (SPA-08, SPA-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.rollout.models import EligiblePerson
from apps.rollout.services.activating import fault_of
from apps.rollout.services.identifying import OPENED
from apps.rollout.services.opposing import OPPOSED
from apps.spaces.majority import is_minor
from apps.spaces.models import HealthSpace, Representation


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One space that may be activated. `is_open`: it is there, fed by professionals, and nobody has activated it."""

    person_id: UUID
    name: str
    is_own: bool
    is_open: bool
    is_opposed: bool = False


def offers_of(*, identity_id: UUID, at: datetime) -> list[Offer]:
    """One's own space first, then those one represents that are open and not activated (SPA-40). Three queries.

    A child whose space is not open yet is found by the code of its notice, not here.
    """
    return [*_own(identity_id, at), *_represented(identity_id, at)]


def _own(identity_id: UUID, at: datetime) -> list[Offer]:
    person = EligiblePerson.objects.select_related("identity__space").filter(pk=identity_id).first()
    if person is None or is_minor(person.identity.born_on, at=at):
        return []
    space = getattr(person.identity, "space", None)
    active = space is not None and space.account_activated_at is not None
    if fault_of(person=person, space=space) is not None or active or (space is None and person.state in OPENED):
        return []
    name = person.identity.display_name
    opposed = person.state in OPPOSED
    return [Offer(person_id=person.pk, name=name, is_own=True, is_open=space is not None, is_opposed=opposed)]


def _represented(identity_id: UUID, at: datetime) -> list[Offer]:
    running = Representation.objects.running(at=at).filter(
        person_id=identity_id, space__status=HealthSpace.Status.OPEN, space__account_activated_at=None
    )
    known = EligiblePerson.objects.filter(identity__space__in=running.values("space_id")).exclude(pk=identity_id)
    rows = known.select_related("identity").order_by("pk")
    return [Offer(person_id=row.pk, name=row.identity.short_name, is_own=False, is_open=True) for row in rows]
