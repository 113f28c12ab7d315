"""What the home of a space and the choice of a space read from several domains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from apps.access import Actor, Role
from apps.accounts.levels import reaches
from apps.accounts.models import InsIdentity, User
from apps.journeys import history
from apps.mss.models import Correspondent, Message, Thread
from apps.mss.services.senders import Origin, origins
from apps.spaces.majority import age, is_minor, last_day
from apps.spaces.models import DelegationInvitation, HealthSpace
from apps.spaces.querysets import NO_END

NEW_AT_MOST = 5
_ACCESSES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceCard:
    """One space somebody may enter. `until` is the end of the right, None for one's own or without a known end;
    `assists` a protected adult who agreed to it (SPA-51); `awaits` an activation by its representative (SPA-09).
    """

    space_id: UUID
    name: str
    age: int
    role: Role
    until: datetime | None
    assists: bool = False
    awaits: bool = False

    @property
    def last_day(self) -> date | None:
        return last_day(self.until) if self.until else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyState:
    """The three switches of ACC-20, and whether they are those of the start."""

    break_glass: bool
    call: bool
    masked: bool

    @property
    def is_default(self) -> bool:
        return (self.break_glass, self.call, self.masked) == (True, True, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadConversation:
    """A conversation with something unread: who wrote last and whether the directory knows that box, and when. Its
    subject is not on the home (MSS-32).
    """

    thread_id: UUID
    name: str
    origin: Origin | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadConversations:
    """The newest ones, and how many there are: the number of the menu (MSS-35)."""

    shown: list[UnreadConversation]
    count: int


def space_cards(*, user: User, level: str, at: datetime) -> list[SpaceCard]:
    """Spaces this person may enter now, own one first (SPA-40, SPA-47, SPA-54); none below the level asked (SEC-34)."""
    if user.identity_id is None or not reaches(level, settings.HOLDER_MIN_LEVEL):
        return []
    spaces = HealthSpace.objects.reachable_by(user.identity_id, at=at)
    return [_card(space, user.identity_id, at) for space in spaces if not _is_own_minor(space, user.identity_id, at)]


def pending_invitations(*, user: User, level: str, at: datetime) -> int:
    """How many invitations wait for an answer of this person; none below the level that opens a space (SEC-34)."""
    if user.identity_id is None or not reaches(level, settings.HOLDER_MIN_LEVEL):
        return 0
    return DelegationInvitation.objects.addressed_to(user.identity_id).pending(at=at).count()


def managed_spaces(*, actor: Actor, at: datetime) -> list[SpaceCard]:
    """Spaces of other people that the holder may enter; empty for a representative or a delegate."""
    if actor.role is not Role.HOLDER:
        return []
    person = InsIdentity.objects.filter(user=actor.user_id).values_list("pk", flat=True).first()
    if person is None:
        return []
    spaces = HealthSpace.objects.reachable_by(person, at=at)
    return [_card(space, person, at) for space in spaces if space.identity_id != person]


def unread_conversations(*, actor: Actor, count: int) -> UnreadConversations:
    """What waits to be read in the mailbox, the bin left out; `count` is the number of the menu, without which nothing
    is looked for.
    """
    if not count:
        return UnreadConversations(shown=[], count=0)
    rows = Thread.objects.visible_to(actor).filter(unread__gt=0, binned_at=None)
    threads = list(rows.order_by("-last_at", "-id").values_list("id", flat=True)[:NEW_AT_MOST])
    messages = _last_unread(actor, threads)
    senders = [row.correspondent_id for row in messages.values() if row.correspondent_id is not None]
    boxes = {box.id: box for box in Correspondent.objects.visible_to(actor).filter(id__in=senders)}
    known = origins(actor=actor, boxes=boxes.values())
    shown = [
        UnreadConversation(
            thread_id=row.thread_id,
            name=boxes[row.correspondent_id].display_name if row.correspondent_id in boxes else "",
            origin=known.get(row.correspondent_id) if row.correspondent_id else None,
            received_at=row.received_at,
        )
        for row in (messages[thread_id] for thread_id in threads if thread_id in messages)
    ]
    return UnreadConversations(shown=shown, count=count)


def last_accesses(*, actor: Actor, space_id: UUID, at: datetime) -> list[history.AccessLine]:
    """The last accesses of others."""
    choice = history.Choice(period=history.Period.ALL)
    events = list(history.events_for(actor=actor, space_id=space_id, choice=choice, at=at)[:_ACCESSES])
    return history.lines_of(events=events, actor=actor, space_id=space_id)


def emergency_state(space_id: UUID) -> EmergencyState:
    """The holder's choices, or those of the start."""
    row = HealthSpace.objects.filter(pk=space_id).values_list(
        "break_glass_allowed", "emergency_call_allowed", "masked_in_emergency"
    )
    break_glass, call, masked = row.get()
    return EmergencyState(break_glass=break_glass, call=call, masked=masked)


def _last_unread(actor: Actor, threads: list[UUID]) -> dict[UUID, Message]:
    """The last unread message of each, without its text."""
    rows = Message.objects.visible_to(actor).filter(
        thread_id__in=threads, direction=Message.Direction.RECEIVED, read_at=None
    )
    last = rows.order_by("thread_id", "-received_at", "-id").distinct("thread_id")
    return {row.thread_id: row for row in last.only("space_id", "thread_id", "correspondent_id", "received_at")}


def _is_own_minor(space: HealthSpace, person_id: UUID, at: datetime) -> bool:
    return space.identity_id == person_id and is_minor(space.identity.born_on, at=at)


def _card(space: HealthSpace, person_id: UUID, at: datetime) -> SpaceCard:
    own = space.identity_id == person_id
    until = space.represented_until or space.delegated_until or space.assisted_until
    role = Role.HOLDER if own else Role.REPRESENTATIVE if space.represented_until else Role.DELEGATE
    return SpaceCard(
        space_id=space.id,
        name=space.identity.display_name if own else space.identity.short_name,
        age=age(space.identity.born_on, at=at),
        role=role,
        until=None if own or until == NO_END else until,
        assists=not own and space.represented_until is None and space.delegated_until is None,
        awaits=role is Role.REPRESENTATIVE and space.account_activated_at is None,
    )
