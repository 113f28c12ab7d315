"""Entering a space: from a person or a professional and an instant to the Actor with its rights (architecture 3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from apps.access import Actor, Purpose, Rights, Role, Section
from apps.accounts.levels import reaches
from apps.accounts.models import User
from apps.spaces.majority import is_minor, last_day
from apps.spaces.models import Delegation, HealthSpace, Representation
from apps.spaces.models.people import MANAGE, READ
from apps.spaces.models.space import FIRST_SERVICES
from apps.spaces.perimeter import has_section
from apps.spaces.querysets import NO_END

_ALL = frozenset(section.value for section in Section)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceView:
    """What pages say about the space they are in.

    `capacity` is the actor's role; `until` the end of a representation or delegation; `services` those the space was
    opened with, `reads` and `manages` the sections of them that are open to the actor.
    """

    space_id: UUID
    is_own: bool
    short_name: str
    holder_name: str
    capacity: Role
    opened_at: datetime
    until: datetime | None
    reads: frozenset[str] = _ALL
    manages: frozenset[str] = _ALL
    services: frozenset[str] = frozenset(FIRST_SERVICES)

    @property
    def last_day(self) -> date | None:
        return last_day(self.until) if self.until else None


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
    standing = _standing(space, user.identity_id, at)
    if standing is None:
        return None
    actor = _actor(space, user, standing, level, at)
    return Entry(actor=actor, view=_view(space, standing, actor))


def ended_access(*, user: User, space_id: UUID, level: str, at: datetime) -> datetime | None:
    """When the last right of this person in this open space ended; None for whoever never had one (S41).

    Said to nobody else, nor below the level that opens a space, and nothing is said of a space that is no longer open.
    """
    if user.identity_id is None or not reaches(level, settings.HOLDER_MIN_LEVEL):
        return None
    mine = {"space_id": space_id, "person_id": user.identity_id, "space__status": HealthSpace.Status.OPEN}
    delegations = Delegation.objects.with_end().filter(until__lte=at, **mine)
    representations = Representation.objects.with_end().filter(until__lte=at, **mine)
    return max((*delegations.values_list("until", flat=True), *representations.values_list("until", flat=True)),
               default=None)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """In which capacity somebody enters, until when, and what a delegation opens: section and `read` or `manage`."""

    role: Role
    purpose: Purpose
    until: datetime | None = None
    sections: Mapping[str, str] = field(default_factory=dict)

    def allowed(self, *levels: str) -> frozenset[Section]:
        return frozenset(section for section in Section if self.sections.get(section.value) in levels)


# Whoever assists a protected adult decides nothing and sees what the agreement names, which messages are not (SPA-51).
_AGREED = {section.value: READ for section in (Section.DOCUMENTS, Section.HISTORY)}


def _standing(space: HealthSpace, person_id: UUID, at: datetime) -> Standing | None:
    if space.identity_id == person_id:
        is_child = is_minor(space.identity.born_on, at=at)
        return None if is_child else Standing(role=Role.HOLDER, purpose=Purpose.OWN)
    if space.represented_until is not None:
        return Standing(role=Role.REPRESENTATIVE, purpose=Purpose.REPRESENTATION, until=space.represented_until)
    if space.delegated_until is not None:
        return Standing(
            role=Role.DELEGATE,
            purpose=Purpose.DELEGATION,
            until=space.delegated_until,
            sections=space.delegated_sections or {},
        )
    if space.assisted_until is not None:
        return Standing(
            role=Role.DELEGATE, purpose=Purpose.REPRESENTATION, until=space.assisted_until, sections=_AGREED
        )
    return None


def _actor(space: HealthSpace, user: User, standing: Standing, level: str, at: datetime) -> Actor:
    return Actor(
        role=standing.role,
        at=at,
        user_id=user.id,
        space_id=space.id,
        purpose=standing.purpose,
        level=level,
        rights=Rights(
            space_open=True,
            rights_until=standing.until,
            readable=standing.allowed(READ, MANAGE),
            manageable=standing.allowed(MANAGE),
        ),
    )


def _view(space: HealthSpace, standing: Standing, actor: Actor) -> SpaceView:
    served = [section for section in Section if has_section(section, space.services)]
    return SpaceView(
        space_id=space.id,
        is_own=standing.role is Role.HOLDER,
        short_name=space.identity.short_name,
        holder_name=space.identity.display_name,
        capacity=standing.role,
        opened_at=space.opened_at,
        until=None if standing.until == NO_END else standing.until,
        reads=frozenset(section.value for section in served if actor.reads(section)),
        manages=frozenset(section.value for section in served if actor.manages(section)),
        services=frozenset(space.services),
    )
