"""Both queues of the mailbox as an operator sees them: what the door took, what leaves (REL-07, SEC-19).

Ids, states, reasons and ages; never an address, a subject or a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, QuerySet

from apps.access import AccessDeniedError, Actor, Decision, Role
from apps.audit.services import Fact, Line, record
from apps.common.tasks import enqueue
from apps.mss import tasks
from apps.mss.models import Arrival, OutgoingMail

MAY_RUN = Decision(allowed=True, rule="REL-07")
NOT_OPERATOR = Decision(allowed=False, rule="SEC-19")
BY_HAND = "by-hand"


class Queue(StrEnum):
    ARRIVALS = "arrivals"
    OUTGOING = "outgoing"


# States of work that is not over; a parked one waits for an operator.
_OPEN: Mapping[Queue, tuple[str, ...]] = {
    Queue.ARRIVALS: (Arrival.State.RECEIVED, Arrival.State.PARKED),
    Queue.OUTGOING: (
        OutgoingMail.State.WAITING,
        OutgoingMail.State.SENDING,
        OutgoingMail.State.UNCERTAIN,
        OutgoingMail.State.PARKED,
    ),
}


class NotInQueueError(Exception):
    """No such work, or it is in a state from which this is not done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing to do. `since`: when it came or was written."""

    queue: Queue
    id: UUID
    state: str
    attempts: int
    since: datetime
    due_at: datetime
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """`counts` by state, and how late the oldest of what is due is."""

    counts: Mapping[str, int]
    oldest_due: timedelta


def waiting(*, actor: Actor, queue: Queue, limit: int = 1000) -> list[Waiting]:
    """What is not over, longest first, parked before the rest. Raises `AccessDeniedError`."""
    _require_operator(actor)
    if queue is Queue.ARRIVALS:
        rows = Arrival.objects.filter(state__in=_OPEN[queue]).order_by("state", "received_at", "id")[:limit]
        return [_arrival(row) for row in rows]
    mails = OutgoingMail.objects.filter(state__in=_OPEN[queue]).order_by("state", "written_at", "id")[:limit]
    return [_mail(row) for row in mails]


def queue_state(*, queue: Queue, at: datetime) -> QueueState:
    """For metrics: counts of work that is not over, by state, and the age of the oldest that is due."""
    rows: QuerySet[Arrival] | QuerySet[OutgoingMail]
    rows = Arrival.objects.all() if queue is Queue.ARRIVALS else OutgoingMail.objects.all()
    open_rows = rows.filter(state__in=_OPEN[queue])
    found = dict(open_rows.order_by("state").values_list("state").annotate(number=Count("id")))
    oldest = open_rows.exclude(state="parked").filter(due_at__lte=at).aggregate(oldest=Min("due_at"))["oldest"]
    return QueueState(
        counts={str(state): found.get(state, 0) for state in _OPEN[queue]},
        oldest_due=at - oldest if oldest else timedelta(),
    )


@transaction.atomic
def retry(*, actor: Actor, queue: Queue, row_id: UUID, at: datetime) -> None:
    """Try parked or waiting work at once, with five new tries; a mail that was refused for good too.

    Queued after the commit. Raises `NotInQueueError`, `AccessDeniedError`.
    """
    _require_operator(actor)
    row = _locked(queue, row_id)
    if row.state in {Arrival.State.FILED, OutgoingMail.State.SENT, OutgoingMail.State.SENDING}:
        raise NotInQueueError(row_id)
    before = str(row.state)
    row.state = Arrival.State.RECEIVED if queue is Queue.ARRIVALS else OutgoingMail.State.WAITING
    row.attempts, row.due_at, row.ended_at, row.problem = 0, at, None, ""
    row.save(update_fields=["state", "attempts", "due_at", "ended_at", "problem"])
    if queue is Queue.OUTGOING:
        OutgoingMail.objects.filter(id=row_id).update(tried_since=at)
    _trace(actor, queue, row_id, "retry", {"state": before}, at)
    enqueue(tasks.file_arrivals if queue is Queue.ARRIVALS else tasks.send_mails)


@transaction.atomic
def park(*, actor: Actor, queue: Queue, row_id: UUID, at: datetime) -> None:
    """Put work aside until somebody has it tried again; nothing of it is lost.

    Raises `NotInQueueError` when it is over or being done, `AccessDeniedError`.
    """
    _require_operator(actor)
    row = _locked(queue, row_id)
    if row.state not in {Arrival.State.RECEIVED, OutgoingMail.State.WAITING, OutgoingMail.State.UNCERTAIN}:
        raise NotInQueueError(row_id)
    before = str(row.state)
    row.state = Arrival.State.PARKED if queue is Queue.ARRIVALS else OutgoingMail.State.PARKED
    row.ended_at, row.problem = at, BY_HAND
    row.save(update_fields=["state", "ended_at", "problem"])
    _trace(actor, queue, row_id, "park", {"state": before}, at)


def _locked(queue: Queue, row_id: UUID) -> Arrival | OutgoingMail:
    row: Arrival | OutgoingMail | None
    if queue is Queue.ARRIVALS:
        row = Arrival.objects.select_for_update(of=("self",)).filter(id=row_id).first()
    else:
        row = OutgoingMail.objects.select_for_update(of=("self",)).filter(id=row_id).first()
    if row is None:
        raise NotInQueueError(row_id)
    return row


def _require_operator(actor: Actor) -> None:
    """The operator's own hands: commands of the machine; no page does it in this version."""
    if actor.role is not Role.SYSTEM:
        raise AccessDeniedError(NOT_OPERATOR)


def _trace(actor: Actor, queue: Queue, row_id: UUID, act: str, facts: dict[str, Fact], at: datetime) -> None:
    kind = "arrival" if queue is Queue.ARRIVALS else "mail"
    line = Line(
        action=f"mss.{kind}.{act}", target=f"{kind}:{row_id}", decision=MAY_RUN, actor_id="mss_queue", facts=facts
    )
    record(actor=actor, at=at, line=line)


def _arrival(row: Arrival) -> Waiting:
    return Waiting(
        queue=Queue.ARRIVALS, id=row.id, state=row.state, attempts=row.attempts, since=row.received_at,
        due_at=row.due_at, problem=row.problem,
    )  # fmt: skip


def _mail(row: OutgoingMail) -> Waiting:
    return Waiting(
        queue=Queue.OUTGOING, id=row.id, state=row.state, attempts=row.attempts, since=row.written_at,
        due_at=row.due_at, problem=row.problem,
    )  # fmt: skip
