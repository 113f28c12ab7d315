"""Delegations and invitations as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from apps.access import Role
from apps.accounts.models import InsIdentity
from apps.audit.services import AuditEvent, events_of
from apps.spaces import delegate_words as words
from apps.spaces.models import Delegation, DelegationInvitation, InvitationState
from apps.spaces.services import delegations

ACTS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationLine:
    """One relative: `last_day` included; `ended_at` and `ended_by` only when somebody stopped it before its day."""

    id: UUID
    name: str
    allowed: list[str]
    starts_at: datetime
    last_day: date
    is_over: bool
    is_to_come: bool
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationLine:
    """One invitation that waits, or was answered with no, or ran out."""

    id: UUID
    name: str
    allowed: list[str]
    state: InvitationState
    state_words: str
    sent_at: datetime | None
    expires_at: datetime | None
    is_pending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    at: datetime
    what: str


def given_name(person: InsIdentity) -> str:
    """« Rosa »: the first name in use."""
    return (person.given_name_in_use or person.first_given_name).title()


def delegation_lines(rows: Iterable[Delegation], *, at: datetime) -> list[DelegationLine]:
    return [
        DelegationLine(
            id=row.id,
            name=row.person.display_name,
            allowed=words.allowed_words(row.sections),
            starts_at=row.starts_at,
            last_day=delegations.last_day(row),
            is_over=row.until <= at,
            is_to_come=row.starts_at > at,
            ended_at=row.ended_at if row.ended_by else None,
            ended_by=row.ended_by,
        )
        for row in rows
    ]


def invitation_lines(
    rows: Iterable[DelegationInvitation], *, at: datetime, every: bool = False
) -> list[InvitationLine]:
    """Without those that became a delegation or were cancelled, unless `every`."""
    silent = set() if every else {InvitationState.ACCEPTED, InvitationState.WITHDRAWN}
    return [_invitation_line(row, at) for row in rows if row.state_at(at) not in silent]


def acts_of(row: Delegation) -> list[ActLine]:
    """The last acts of a relative in this space, newest first; from the trail."""
    user = getattr(row.person, "user", None)
    if user is None:
        return []
    events = events_of(row.space_id).filter(
        actor_id=str(user.pk),
        actor_role=Role.DELEGATE.value,
        outcome=AuditEvent.Outcome.PERMITTED,
        action__in=words.ACTIONS,
        at__gte=row.starts_at,
    )[:ACTS_SHOWN]
    return [ActLine(at=event.at, what=words.act_words(event.action)) for event in events]


def _invitation_line(row: DelegationInvitation, at: datetime) -> InvitationLine:
    state = row.state_at(at)
    return InvitationLine(
        id=row.id,
        name=row.person.display_name,
        allowed=words.allowed_words(row.sections),
        state=state,
        state_words=str(words.STATES[state]),
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        is_pending=state is InvitationState.PENDING,
    )
