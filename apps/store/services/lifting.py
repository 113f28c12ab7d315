"""Reservations that the publisher has answered: lifted one by one, or sent back (STO-41, STO-63)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.tasks import enqueue
from apps.store import clocks, tasks, transitions
from apps.store.models import Candidacy, Reservation
from apps.store.services import acting, talking, turns
from apps.store.services.errors import SamePersonError, UnknownRowError, WrongValueError
from apps.store.states import Event, Party, Queue, Status, Term
from apps.store.transitions import Step

TO_LIFT = (Status.RESERVATIONS, Queue.ASSESSOR)
# Where reservations that keep nothing back are lifted in nobody's turn: after the decision, the publication included.
AFTER = frozenset({Status.AGREEMENT, Status.CONNECTION, Status.READY_TO_PUBLISH, Status.PUBLISHED})
LEAST = Term(number=15)  # [proposal] that a publisher has for a second answer


@transaction.atomic
def lift(*, actor: Actor, reservation_id: UUID, seen: int, at: datetime) -> bool:
    """Lift one reservation on its answer. With the last suspensive one the dossier goes back to the delegate: True.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `NotAssignedError`,
    `SamePersonError`, `TransitionRefusedError`, `WrongValueError` (`answer`: `missing`; `lifted`: `already`).
    """
    who, candidacy, reservation = _reservation(actor, reservation_id, seen)
    if reservation.answered_by_id == who:
        raise SamePersonError("answered_by")
    reservation.lifted_by_id, reservation.lifted_at = who, at
    reservation.save(update_fields=["lifted_by", "lifted_at"])
    _traced(actor, candidacy, reservation, "lift", at)
    if candidacy.status in AFTER or open_ones(candidacy).exists():
        return False
    step = Step(event=Event.LIFTED, by=Party.ASSESSOR, actor=str(who), at=at)
    transitions.fire(candidacy, step, is_lifted=True)
    enqueue(tasks.send_mails)
    return True


@transaction.atomic
def send_back(*, actor: Actor, reservation_id: UUID, reason: str, seen: int, at: datetime) -> None:
    """The answer is not enough: the publisher answers this reservation anew, within what is left of the term, fifteen
    days at least; after the decision the reason is a message of the thread, and the day of the reservation stays.
    Raises as `lift`, and `WrongValueError` (`reason`: `missing`).
    """
    who, candidacy, reservation = _reservation(actor, reservation_id, seen)
    reason = acting.needed(reason, field="reason")
    reservation.answered_by, reservation.answered_at = None, None
    reservation.save(update_fields=["answered_by", "answered_at"])
    if candidacy.status in AFTER:
        talking.write(candidacy, who=who, text=reason, criterion=reservation.criterion, at=at)
    else:
        step = Step(
            event=Event.HAND_OVER, by=Party.ASSESSOR, actor=str(who), at=at, queue=Queue.PUBLISHER, reason=reason,
            due_at=_term(candidacy, at), facts={"reservation": str(reservation.pk)},
        )  # fmt: skip
        transitions.hand_over(candidacy, step)
    _traced(actor, candidacy, reservation, "send_back", at)
    enqueue(tasks.send_mails)


def open_ones(candidacy: Candidacy) -> QuerySet[Reservation]:
    """Suspensive reservations that are not lifted."""
    rows = Reservation.objects.filter(candidacy=candidacy, is_suspensive=True)
    return rows.filter(lifted_at=None, superseded_at=None)


def may_lift(candidacy: Candidacy, *, reservation: Reservation) -> bool:
    """Whether an assessor can look at its answer now."""
    if reservation.answered_at is None or reservation.lifted_at is not None:
        return False
    is_later = not reservation.is_suspensive and candidacy.status in AFTER
    return is_later or (candidacy.status, candidacy.queue) == TO_LIFT


def _reservation(actor: Actor, reservation_id: UUID, seen: int) -> tuple[UUID, Candidacy, Reservation]:
    rows = Reservation.objects.select_related("candidacy")
    found = rows.filter(pk=reservation_id, superseded_at=None).first()
    if found is None:
        raise UnknownRowError
    stay = TO_LIFT if found.is_suspensive else _stay_of(found)
    who, candidacy = turns.take_turn(
        actor, candidacy_id=found.candidacy_id, role=StaffRole.ASSESSOR, stay=stay, seen=seen
    )
    reservation = Reservation.objects.select_for_update(of=("self",)).get(pk=reservation_id)
    if reservation.lifted_at is not None:
        raise WrongValueError("lifted", "already")
    if reservation.answered_at is None:
        raise WrongValueError("answer", "missing")
    return who, candidacy, reservation


def _stay_of(reservation: Reservation) -> tuple[Status, Queue | None]:
    """Where the dossier stands after the decision, in whoever's turn; before it the turn of the assessor is wanted."""
    status = Status(reservation.candidacy.status)
    return (status, None) if status in AFTER else TO_LIFT


def _term(candidacy: Candidacy, at: datetime) -> datetime:
    """End of the term that the publisher had."""
    had = candidacy.events.filter(after=Status.RESERVATIONS, queue=Queue.PUBLISHER).order_by("-sequence").first()
    least = clocks.end_of(LEAST, since=at)
    return max(had.due_at, least) if had is not None and had.due_at is not None else least


def _traced(actor: Actor, candidacy: Candidacy, reservation: Reservation, act: str, at: datetime) -> None:
    acting.trace(
        actor=actor, act=f"reservation.{act}", publisher_id=candidacy.publisher_id,
        target=f"reservation:{reservation.pk}", at=at,
    )  # fmt: skip
