"""Entering a space: from a person or a professional and an instant to the Actor with its rights (architecture 3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from apps.access import Actor, Purpose, Rights, Role
from apps.accounts.levels import reaches
from apps.accounts.models import User
from apps.spaces.majority import is_minor
from apps.spaces.models import HealthSpace
from apps.spaces.querysets import NO_END


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceView:
    """What pages say about the space they are in.

    `capacity` is the actor's role; `until` the end of a representation.
    """

    space_id: UUID
    is_own: bool
    short_name: str
    holder_name: str
    capacity: Role
    opened_at: datetime
    until: datetime | None


class SpaceRequest(HttpRequest):
    """A request inside a space: `SpaceMiddleware` set both."""

    actor: Actor
    space_view: SpaceView


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The actor in the space and what pages say about it."""

    actor: Actor
    view: SpaceView


def enter(*, user: User, space_id: UUID, level: str, at: datetime) -> Entry | None:
    """The entry of a signed-in person into a space, by one query; None when there is no such space or no right.

    `level`: acr of the sign-in; below `HOLDER_MIN_LEVEL` there is no entry (SEC-34). A minor has no sign-in of
    their own
    (SPA-47). Ends of rights are compared with `at` (SEC-04).
    """
    if user.identity_id is None or not reaches(level, settings.HOLDER_MIN_LEVEL):
        return None
    space = (
        HealthSpace.objects.filter(pk=space_id)
        .with_rights_of(user.identity_id, at=at)
        .select_related("identity")
        .first()
    )
    if space is None or not space.is_open:
        return None
    role, until = _capacity(space, user.identity_id, at)
    if role is Role.NOBODY:
        return None
    return Entry(actor=_actor(space, user, role, until, level, at), view=_view(space, role, until))


def _capacity(space: HealthSpace, person_id: UUID, at: datetime) -> tuple[Role, datetime | None]:
    if space.identity_id == person_id:
        return (Role.NOBODY if is_minor(space.identity.born_on, at=at) else Role.HOLDER), None
    if space.represented_until is not None:
        return Role.REPRESENTATIVE, space.represented_until
    if space.delegated_until is not None:
        return Role.DELEGATE, space.delegated_until
    return Role.NOBODY, None


_PURPOSES = {
    Role.HOLDER: Purpose.OWN,
    Role.REPRESENTATIVE: Purpose.REPRESENTATION,
    Role.DELEGATE: Purpose.DELEGATION,
}


def _actor(space: HealthSpace, user: User, role: Role, until: datetime | None, level: str, at: datetime) -> Actor:
    return Actor(
        role=role,
        at=at,
        user_id=user.id,
        space_id=space.id,
        purpose=_PURPOSES[role],
        level=level,
        rights=Rights(space_open=True, rights_until=until),
    )


def _view(space: HealthSpace, role: Role, until: datetime | None) -> SpaceView:
    return SpaceView(
        space_id=space.id,
        is_own=role is Role.HOLDER,
        short_name=space.identity.short_name,
        holder_name=space.identity.display_name,
        capacity=role,
        opened_at=space.opened_at,
        until=None if until == NO_END else until,
    )
