"""Opposing, changing one's mind, confirming: each one transaction under the lock of the person's row (REL-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from apps.access import SYSTEM
from apps.common.dates import PARIS
from apps.rollout.models import Conflict, EligiblePerson, NoticeCode, Opposition, PersonTransition
from apps.rollout.services.identifying import OPENED
from apps.rollout.services.opposition_rows import contradict, end_opposition, keep_letter, new_opposition, trace
from apps.rollout.services.telling import Act, tell_choice
from apps.rollout.services.voices import contradicts, require_capacity, voice_of, who_asked_to_open
from apps.rollout.services.wishes import (
    UNSIGNED,
    AlreadyOpenError,
    CodeEndedError,
    ConflictOpenError,
    EarlierWishError,
    NotConcernedError,
    NothingToWithdrawError,
    ReopeningError,
    Wish,
)
from apps.rollout.transitions import Step, move
from apps.spaces.models import HealthSpace
from apps.spaces.services.closing import close_space

State, Hold = EligiblePerson.State, EligiblePerson.Hold
OPPOSED = frozenset({State.OPPOSED, State.OPPOSED_DMP_KEPT})
NOT_CONCERNED = frozenset({State.NOT_OPENED_DEATH, State.NOT_ELIGIBLE})
# Ends a hold of its own: whoever chooses has been reached.
_REACHED = frozenset({Hold.RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of a change of mind: the opposition it was about, and the conflict it met."""

    opposition: Opposition
    conflict: Conflict | None = None


@transaction.atomic
def oppose(*, person_id: UUID, wish: Wish, at: datetime) -> Opposition:
    """No space is opened for this person (SPA-07, SPA-10): a receipt means that none opens afterwards (REL-09).

    The same wish twice is one: the standing opposition comes back. An older DMP stays until the opposition is confirmed
    (SPA-21). Received in time and entered after the opening, a helped opposition closes the space at once and its keys
    are destroyed, unless somebody has activated it or asked for it since (decisions.md 8). At 18 it closes the space of
    the childhood, whose content is kept as after any closing (SPA-48). Another representative who
    has asked for the opening is contradicted: both are told, an operator decides (decisions.md 7).
    Raises `NotConcernedError`, `AlreadyOpenError`, `CodeEndedError`, `CapacityError`. Writes the receipt's notice.
    """
    person = _locked(person_id, wish, at)
    standing = standing_opposition(person)
    if standing is not None:
        keep_letter(opposition=standing, wish=wish)
        return standing
    if person.state in NOT_CONCERNED:
        raise NotConcernedError
    space = HealthSpace.objects.select_for_update(of=("self",)).filter(identity_id=person.pk).first()
    closing = _closing(person, space, wish)
    opposition = new_opposition(person=person, wish=wish, closes=closing is not None, at=at)
    other = who_asked_to_open(person) if person.state == State.OPENING_ASKED else None
    keeps_dmp = person.had_dmp and closing is None
    step = Step(
        to=State.OPPOSED_DMP_KEPT if keeps_dmp else State.OPPOSED, at=at, actor=wish.actor_id, channel=wish.channel
    )
    move(person, step, hold=_hold_after(person))
    if closing is not None and space is not None:
        close_space(actor=SYSTEM, space_id=space.pk, reason=closing, at=at, agent=wish.actor_id)
    trace(action="rollout.opposition.record", person=person, opposition=opposition, wish=wish, at=at)
    tell_choice(person=person, wish=wish, act=Act.OPPOSED, opposition=opposition, at=at)
    if other is not None and contradicts(person, wish=wish, earlier=other, at=at):
        contradict(person=person, opposition=opposition, wish=wish, against=other, at=at)
    return opposition


@transaction.atomic
def withdraw(*, person_id: UUID, wish: Wish, at: datetime, settled: bool = False) -> Changed:
    """End the opposition: the space opens within the day, by the opening job (SPA-10). Done twice, it is done once.

    When another representative had opposed, the opposition stands, the opening is held, both are told and an operator
    decides (decisions.md 7), whatever either of them says meanwhile; `settled` says that one has.
    Raises `NothingToWithdrawError`, `NotConcernedError`, `CodeEndedError`, `CapacityError`, `EarlierWishError`,
    `ReopeningError` when the opposition had closed a space.
    """
    person = _locked(person_id, wish, at)
    opposition = standing_opposition(person)
    if opposition is None:
        before = _withdrawn_before(person)
        keep_letter(opposition=before, wish=wish)
        return Changed(opposition=before)
    if person.state in NOT_CONCERNED:
        raise NotConcernedError
    if HealthSpace.objects.filter(identity_id=person.pk).exists():
        raise ReopeningError
    if _day(wish.received_at) < _day(opposition.received_at):
        raise EarlierWishError
    keep_letter(opposition=opposition, wish=wish)
    earlier = voice_of(person, capacity=opposition.capacity, by=opposition.by)
    is_held = person.hold == Hold.CONFLICT or contradicts(person, wish=wish, earlier=earlier, at=at)
    if is_held and not settled:
        conflict = contradict(person=person, opposition=opposition, wish=wish, against=earlier, at=at)
        return Changed(opposition=opposition, conflict=conflict)
    end_opposition(opposition=opposition, wish=wish)
    step = Step(to=State.OPENING_ASKED, at=at, actor=wish.actor_id, channel=wish.channel)
    move(person, step, hold=_hold_after(person))
    trace(action="rollout.opposition.withdraw", person=person, opposition=opposition, wish=wish, at=at)
    tell_choice(person=person, wish=wish, act=Act.WITHDRAWN, opposition=opposition, at=at)
    return Changed(opposition=opposition)


@transaction.atomic
def confirm(*, person_id: UUID, wish: Wish, at: datetime) -> Opposition:
    """Oppose for the second time: the older DMP is to be closed, too (SPA-21). Done twice, it is done once.

    Raises `NothingToWithdrawError` when no opposition stands, `ConflictOpenError`, `CodeEndedError`, `CapacityError`.
    """
    person = _locked(person_id, wish, at)
    opposition = standing_opposition(person)
    if opposition is None:
        raise NothingToWithdrawError
    if person.hold == Hold.CONFLICT:
        raise ConflictOpenError
    keep_letter(opposition=opposition, wish=wish)
    if person.state != State.OPPOSED_DMP_KEPT:
        return opposition
    opposition.confirmed_at = at
    opposition.save(update_fields=["confirmed_at"])
    move(person, Step(to=State.OPPOSED, at=at, actor=wish.actor_id, channel=wish.channel))
    trace(action="rollout.opposition.confirm", person=person, opposition=opposition, wish=wish, at=at)
    tell_choice(person=person, wish=wish, act=Act.CONFIRMED, opposition=opposition, at=at)
    return opposition


@transaction.atomic
def ask_opening(*, person_id: UUID, wish: Wish, at: datetime) -> None:
    """Open the space without waiting for the end of the six weeks (SPA-08). Done twice, it is done once.

    Raises `AlreadyOpenError`, `CodeEndedError`, `CapacityError`, `NotConcernedError`, also when an opposition stands:
    that one is ended by `withdraw`, never here.
    """
    person = _locked(person_id, wish, at)
    if person.state == State.OPENING_ASKED:
        return
    if person.state in NOT_CONCERNED or standing_opposition(person) is not None:
        raise NotConcernedError
    space = HealthSpace.objects.filter(identity_id=person.pk).first()
    if space is not None or person.state in OPENED:
        raise AlreadyOpenError(space.opened_at if space is not None else None)
    step = Step(to=State.OPENING_ASKED, at=at, actor=wish.actor_id, channel=wish.channel)
    move(person, step, hold=_hold_after(person))
    trace(action="rollout.opening.ask", person=person, opposition=None, wish=wish, at=at)
    tell_choice(person=person, wish=wish, act=Act.OPENING_ASKED, opposition=None, at=at)


def standing_opposition(person: EligiblePerson) -> Opposition | None:
    """The one that was not withdrawn."""
    rows = Opposition.objects.select_related("by")
    return rows.filter(person=person, withdrawn_at=None).first()


def _locked(person_id: UUID, wish: Wish, at: datetime) -> EligiblePerson:
    """The row that the opening job locks as well: whoever comes second sees what the first one did."""
    rows = EligiblePerson.objects.select_related("identity").select_for_update(of=("self",))
    person = rows.filter(pk=person_id).first()
    if person is None:
        raise NotConcernedError
    if wish.code is not None and wish.channel in UNSIGNED:
        codes = NoticeCode.objects.select_for_update(of=("self",))
        if not codes.filter(pk=wish.code.pk, person_id=person_id, ended_at=None).exists():
            raise CodeEndedError
    require_capacity(person, wish=wish, at=at)
    return person


def _closing(person: EligiblePerson, space: HealthSpace | None, wish: Wish) -> HealthSpace.ClosureReason | None:
    """Why this opposition closes a space: at 18, beside the space of the childhood (SPA-48), or because only its
    entering came late (decisions.md 8); None where nothing is open.

    Raises `AlreadyOpenError` when the space is open and the wish does not undo it.
    """
    reasons = HealthSpace.ClosureReason
    if person.state not in OPENED:
        return reasons.TOO_LATE if space is not None and space.is_open else None
    opened_at = space.opened_at if space is not None else person.state_at
    in_time = wish.channel not in UNSIGNED and wish.received_at < opened_at
    activated = person.state == State.OPEN_ACTIVE or space is None or space.account_activated_at is not None
    asked = PersonTransition.objects.filter(
        person_id=person.pk, to_state=State.OPENING_ASKED, at__gte=wish.received_at
    ).exists()
    if not in_time or activated or asked:
        raise AlreadyOpenError(opened_at)
    return reasons.LATE_OPPOSITION


def _withdrawn_before(person: EligiblePerson) -> Opposition:
    last = Opposition.objects.filter(person=person).order_by("withdrawn_at", "id").last()
    if last is None:
        raise NothingToWithdrawError
    return last


def _day(instant: datetime) -> date:
    """Letters are dated by their day: within one, what is entered last counts."""
    return instant.astimezone(PARIS).date()


def _hold_after(person: EligiblePerson) -> str:
    return "" if person.hold in _REACHED else person.hold
