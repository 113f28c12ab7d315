"""Where the holder of a notice stands: what there is to choose, or to explain (O-04, S29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from apps.rollout.models import EligiblePerson, NoticeCode, Opposition
from apps.rollout.services.identifying import OPENED, Standing, standing_of
from apps.rollout.services.opposing import NOT_CONCERNED, OPPOSED, standing_opposition
from apps.spaces.models import HealthSpace

State, Hold = EligiblePerson.State, EligiblePerson.Hold


class Kind(StrEnum):
    """One explanation each, `CHOICE` and `ASKED` with something to choose."""

    CHOICE = "choice"
    ASKED = "asked"  # the opening was asked for and comes within a day
    OPPOSED = "opposed"
    DMP_KEPT = "dmp-kept"  # opposed, an older DMP is still there (SPA-21)
    CONFLICT = "conflict"
    OPENED = "opened"
    CLOSED = "closed"
    NOT_CONCERNED = "not-concerned"
    REPLACED = "replaced"


MAY_CHOOSE = frozenset({Kind.CHOICE, Kind.ASKED})
MAY_WITHDRAW = frozenset({Kind.OPPOSED, Kind.DMP_KEPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`since`: of the opposition, the opening or the closing. `opening_at`: from when on the space opens by itself.

    `has_space`: of somebody who came of age, there is the one that the parents had (SPA-48).
    """

    kind: Kind
    since: datetime | None = None
    opening_at: datetime | None = None
    opposition: Opposition | None = None
    activated: bool = False
    has_space: bool = False


def situation_of(code: NoticeCode, *, at: datetime) -> Situation:
    """Read anew for every page: between two steps the space may open, a code may be replaced. Two queries."""
    person = code.person
    space = HealthSpace.objects.filter(identity_id=person.pk).first()
    if space is not None and not space.is_open:
        return Situation(kind=Kind.CLOSED, since=space.closed_at)
    if person.state in OPENED or (space is not None and person.state in NOT_CONCERNED):
        since = space.opened_at if space is not None else person.state_at
        activated = space is not None and space.account_activated_at is not None
        return Situation(kind=Kind.OPENED, since=since, activated=activated)
    if person.state in NOT_CONCERNED:
        return Situation(kind=Kind.NOT_CONCERNED)
    if standing_of(code, at=at) is not Standing.ACTS:
        return Situation(kind=Kind.REPLACED)
    return _before_the_opening(person, space)


def standing_situation(person: EligiblePerson) -> Situation:
    """The same for an operator, without a code."""
    space = HealthSpace.objects.filter(identity_id=person.pk).first()
    if space is not None and not space.is_open:
        return Situation(kind=Kind.CLOSED, since=space.closed_at)
    if person.state in NOT_CONCERNED:
        return Situation(kind=Kind.NOT_CONCERNED)
    if person.state in OPENED:
        return Situation(kind=Kind.OPENED, since=space.opened_at if space is not None else person.state_at)
    return _before_the_opening(person, space)


def _before_the_opening(person: EligiblePerson, space: HealthSpace | None) -> Situation:
    opposition = standing_opposition(person) if person.state in OPPOSED else None
    since = opposition.received_at if opposition is not None else None
    if person.hold == Hold.CONFLICT:
        return Situation(kind=Kind.CONFLICT, since=since, opposition=opposition)
    if opposition is not None:
        kind = Kind.DMP_KEPT if person.state == State.OPPOSED_DMP_KEPT else Kind.OPPOSED
        return Situation(kind=kind, since=since, opposition=opposition)
    kind = Kind.ASKED if person.state == State.OPENING_ASKED else Kind.CHOICE
    return Situation(kind=kind, opening_at=person.window_ends_at, has_space=space is not None)
