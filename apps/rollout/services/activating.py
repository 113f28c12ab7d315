"""Activating a space: during the six weeks, after the opening, or after an opposition (SPA-08 to SPA-10, S-08)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from apps.access import SYSTEM, Actor, Decision, Purpose, Role
from apps.accounts.models import InsIdentity
from apps.audit.services import Fact, Line, record
from apps.rollout.jobs import at_once
from apps.rollout.models import Activation, Capacity, Channel, EligiblePerson, Notice, NoticeCode
from apps.rollout.services import opposing
from apps.rollout.services.capacity import capacity_of
from apps.rollout.services.identifying import OPENED, WEB
from apps.rollout.services.opposing import OPPOSED
from apps.rollout.services.wishes import Contact, Wish
from apps.rollout.stops import is_stopped
from apps.rollout.transitions import Step, move
from apps.spaces.models import HealthSpace

State, Hold, Status = EligiblePerson.State, EligiblePerson.Hold, HealthSpace.Status
Outcome = Activation.Outcome
ALLOWED = Decision(allowed=True, rule="SPA-08")
_SPARED = frozenset({Notice.Kind.FIRST, Notice.Kind.AGAIN, Notice.Kind.RESENT, Notice.Kind.CONFIRM})


class Fault(StrEnum):
    """Why nobody can activate this space, or not this person."""

    NOT_YOURS = "not-yours"
    DECEASED = "deceased"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    CONFLICT = "conflict"
    NOT_ELIGIBLE = "not-eligible"
    OPPOSED = "opposed"  # the withdrawal was not ticked
    CODE_USED = "code-used"
    CODE_REPLACED = "code-replaced"  # a newer one was sent


class ActivationRefusedError(Exception):
    """Nothing was changed; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who activates: the identity that was proved, by which way; `user_id` and `level` of the sign-in, if any.

    `code`: the notice that was the proof.
    """

    identity_id: UUID
    channel: Channel
    user_id: UUID | None = None
    level: str = ""
    code: NoticeCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """`space_id` is None while the opening waits."""

    outcome: Activation.Outcome
    space_id: UUID | None = None


@transaction.atomic
def activate(*, person_id: UUID, acting: Acting, withdraws: bool, at: datetime) -> Activated:
    """Open the space of this person now, if it is not open yet, and mark it as activated; the six weeks are over.

    `withdraws`: the box that takes a standing opposition back was ticked. While a stop halts openings, or a check holds
    this person, the opening is only asked for and comes by itself. Another parent who had objected is contradicted: the
    opening is held, both are told (decisions.md 7). Doing it twice is doing it once. Codes end, notices that have not
    left do not leave. Raises `ActivationRefusedError`: a dead person (SPA-36), a space that was closed or suspended,
    an open conflict, a code that was replaced, somebody who decides nothing here.
    """
    person = locked(person_id)
    capacity = capacity_of(person=person, identity_id=acting.identity_id, at=at)
    if capacity is None:
        raise ActivationRefusedError(Fault.NOT_YOURS)
    space = space_of(person.pk)
    fault = fault_of(person=person, space=space) or _fault_of_code(acting.code)
    if fault is not None:
        raise ActivationRefusedError(fault)
    before = State(person.state)
    if before is State.OPEN_ACTIVE and space is not None and space.account_activated_at is not None:
        return Activated(outcome=Outcome.ACTIVE, space_id=space.pk)
    wish = _wish(person, acting, capacity, at)
    act = _Act(person=person, acting=acting, capacity=capacity, at=at, wish=wish)
    if not _leave_what_was(act, space, withdraws=withdraws):
        return Activated(outcome=Outcome.CONFLICT)
    if space is None and _waits(person):
        if before is not State.OPENING_ASKED:
            _trace(act, before, None)
        return Activated(outcome=Outcome.ASKED)
    space = _opened(act, space)
    _trace(act, before, space)
    return Activated(outcome=Outcome.ACTIVE, space_id=space.pk)


def locked(person_id: UUID) -> EligiblePerson:
    """The row of the register, locked until the commit, with the identity."""
    rows = EligiblePerson.objects.select_for_update(of=("self",)).select_related("identity")
    return rows.get(pk=person_id)


def space_of(person_id: UUID) -> HealthSpace | None:
    """The space of this person, locked until the commit."""
    return HealthSpace.objects.select_for_update(of=("self",)).filter(identity_id=person_id).first()


def fault_of(*, person: EligiblePerson, space: HealthSpace | None) -> Fault | None:
    """What stands in the way of anybody; an opposition is none, for it can be taken back. No query."""
    if person.identity.died_on is not None or person.state == State.NOT_OPENED_DEATH:
        return Fault.DECEASED
    if space is not None and not space.is_open:
        return Fault.SUSPENDED if space.status == Status.SUSPENDED else Fault.CLOSED
    if person.hold == Hold.CONFLICT:
        return Fault.CONFLICT
    return Fault.NOT_ELIGIBLE if person.state == State.NOT_ELIGIBLE and space is None else None


def _fault_of_code(code: NoticeCode | None) -> Fault | None:
    """A code that was replaced or used since it was shown proves nothing any more, whatever the state (SEC-06)."""
    live = NoticeCode.objects.select_for_update(of=("self",))
    if code is None or live.filter(pk=code.pk, ended_at=None).exists():
        return None
    return fault_of_ended_code(person_id=code.person_id)


def fault_of_ended_code(*, person_id: UUID) -> Fault:
    """Why the code of this person that was shown serves no more: used and replaced are two things (ROL-13)."""
    has_newer = NoticeCode.objects.filter(person_id=person_id, ended_at=None).exists()
    return Fault.CODE_REPLACED if has_newer else Fault.CODE_USED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    person: EligiblePerson
    acting: Acting
    capacity: Capacity
    at: datetime
    wish: Wish

    def step(self, to: EligiblePerson.State) -> Step:
        return Step(to=to, at=self.at, actor=self.wish.actor_id, channel=self.acting.channel)


def _wish(person: EligiblePerson, acting: Acting, capacity: Capacity, at: datetime) -> Wish:
    """The same will in the words of oppositions; the receipt goes where the register writes to."""
    by = InsIdentity.objects.get(pk=acting.identity_id) if capacity is not Capacity.SELF else None
    is_mail = person.channel == EligiblePerson.Channel.MAIL
    contact = Contact(channel=Notice.Channel.MAIL if is_mail else Notice.Channel.POST)
    return Wish(channel=acting.channel, capacity=capacity, received_at=at, by=by, code=acting.code, contact=contact)


def _leave_what_was(act: _Act, space: HealthSpace | None, *, withdraws: bool) -> bool:
    """Leave the six weeks, or the opposition, behind; False when another representative is contradicted."""
    person, state = act.person, State(act.person.state)
    if state in OPENED or state is State.OPENING_ASKED:
        return True
    if state in OPPOSED:
        if not withdraws:
            raise ActivationRefusedError(Fault.OPPOSED)
        if opposing.withdraw(person_id=person.pk, wish=act.wish, at=act.at).conflict is not None:
            return False
    elif space is None:
        opposing.ask_opening(person_id=person.pk, wish=act.wish, at=act.at)
    else:  # at 18 the window runs beside the open space (SPA-48)
        move(person, act.step(State.OPENING_ASKED))
    person.refresh_from_db(fields=["state", "state_at", "state_reason", "hold"])
    waiting = Notice.objects.filter(person_id=person.pk, state=Notice.State.PREPARED, kind__in=_SPARED)
    waiting.update(state=Notice.State.CANCELLED, ended_at=act.at, due_at=None, reason="activated")
    return True


def _waits(person: EligiblePerson) -> bool:
    """A stop (REL-10), an opposition by post that may mean them (RO-06), a possible double (decisions.md 31)."""
    return person.hold == Hold.CLAIM or person.double_of_id is not None or is_stopped(person.wave_id)


def _opened(act: _Act, space: HealthSpace | None) -> HealthSpace:
    person = act.person
    if space is None:
        at_once.open_one(person_id=person.pk, at=act.at)
        space = HealthSpace.objects.select_for_update(of=("self",)).get(identity_id=person.pk)
    if space.account_activated_at is None:
        space.account_activated_at = act.at
        space.save(update_fields=["account_activated_at"])
    if person.state != State.OPEN_ACTIVE:
        move(person, act.step(State.OPEN_ACTIVE))
    NoticeCode.objects.filter(person_id=person.pk, ended_at=None).update(ended_at=act.at)
    return space


def _trace(act: _Act, before: EligiblePerson.State, space: HealthSpace | None) -> None:
    """One line of the register; one of the space, which stands in the holder's own history."""
    acting = act.acting
    agent = "" if acting.user_id else WEB
    facts: dict[str, Fact] = {"capacity": act.capacity.value, "channel": acting.channel.value, "from": before.value}
    told = facts | {"outcome": (Outcome.ACTIVE if space is not None else Outcome.ASKED).value}
    target = f"eligible-person:{act.person.pk}"
    line = Line(action="rollout.activation.finish", target=target, decision=ALLOWED, actor_id=agent, facts=told)
    record(actor=_actor(act), at=act.at, line=line)
    if space is not None:
        line = replace(line, action="spaces.space.activate", target=f"space:{space.pk}", scope_id=space.pk, facts=facts)
        record(actor=_actor(act), at=act.at, line=line)


def _actor(act: _Act) -> Actor:
    if act.acting.user_id is None:
        return SYSTEM
    is_own = act.capacity is Capacity.SELF
    return Actor(
        role=Role.HOLDER if is_own else Role.REPRESENTATIVE,
        at=act.at,
        user_id=act.acting.user_id,
        level=act.acting.level,
        purpose=Purpose.OWN if is_own else Purpose.REPRESENTATION,
    )
