"""Invitations and helps as the person invited reads them: first name and initial of the other one, nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from apps.spaces import delegate_words as words
from apps.spaces.models import Delegation, DelegationInvitation, InvitationState, Representation
from apps.spaces.services.delegations import last_day
from apps.spaces.services.invitations import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """`inviter` and `holder`: first name and initial. Days only for help, `capacity` only for representation."""

    id: UUID
    inviter: str
    holder: str
    represents: bool
    capacity: str
    allowed: list[str]
    starts_on: date | None
    ends_on: date | None
    expires_at: datetime | None
    state_words: str
    is_pending: bool
    is_expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLine:
    id: UUID
    space_id: UUID
    holder: str
    allowed: list[str]
    starts_at: datetime
    last_day: date
    is_to_come: bool


def received(row: DelegationInvitation, *, at: datetime) -> ReceivedLine:
    state = row.state_at(at)
    represents = row.kind == Kind.LEGAL_REPRESENTATION
    return ReceivedLine(
        id=row.id,
        inviter=row.inviter.short_name,
        holder=row.space.identity.short_name,
        represents=represents,
        capacity=str(Representation.Capacity(row.capacity).label) if represents else "",
        allowed=[] if represents else words.allowed_words(row.sections),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        expires_at=row.expires_at,
        state_words=str(words.STATES[state]),
        is_pending=state is InvitationState.PENDING,
        is_expired=state is InvitationState.EXPIRED,
    )


def received_lines(rows: Iterable[DelegationInvitation], *, at: datetime) -> list[ReceivedLine]:
    """Those that wait first, then those that are over, each newest first; an accepted one has become a help."""
    lines = [received(row, at=at) for row in rows if row.state_at(at) is not InvitationState.ACCEPTED]
    return sorted(lines, key=lambda line: not line.is_pending)


def help_lines(rows: Iterable[Delegation], *, at: datetime) -> list[HelpLine]:
    return [
        HelpLine(
            id=row.id,
            space_id=row.space_id,
            holder=row.space.identity.short_name,
            allowed=words.allowed_words(row.sections),
            starts_at=row.starts_at,
            last_day=last_day(row),
            is_to_come=row.starts_at > at,
        )
        for row in rows
    ]
