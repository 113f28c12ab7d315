"""Steps of a dossier: table, guard, clock, queue, due date, history, mail; all or nothing (STO-81)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Subquery

from apps.store import due, telling
from apps.store.models import Candidacy, CandidacyEvent, ClockInterval
from apps.store.states import DOSSIER, Event, Queue, Status
from apps.store.states.machine import Move
from apps.store.transitions.guards import unmet
from apps.store.transitions.step import GuardError, Step, TransitionRefusedError

CONTESTED = "contested"
_COLUMNS = (
    "status", "status_at", "sequence", "queue", "due_at", "waits_since", "wakes_at", "reasons", "assignee",
    "assigned_at", "appealed_from",
)  # fmt: skip


def open_dossier(candidacy: Candidacy, step: Step) -> CandidacyEvent:
    """Keep a new draft, inside the caller's transaction (STO-47)."""
    move = next(move for move in DOSSIER.find(None, step.event) if step.by in move.by)
    candidacy.status, candidacy.status_at, candidacy.sequence = move.target or "", step.at, 0
    _wait(candidacy, step, None)
    candidacy.save(force_insert=True)
    return _keep(candidacy, step, before="", rule=move.rule, columns={})


def touch(candidacy: Candidacy, *, at: datetime) -> None:
    """Somebody has worked on a dossier whose row the caller has locked; the purge of a draft is put off (STO-47)."""
    candidacy.touched_at = at
    if candidacy.status == Status.DRAFT:
        candidacy.wakes_at = due.wakes_at(status=candidacy.status, queue="", since=at, due_at=None, at=at)
    candidacy.save(update_fields=["touched_at", "wakes_at"])


def fire(candidacy: Candidacy, step: Step, **columns: object) -> CandidacyEvent:
    """Move a dossier whose row the caller has locked, inside the caller's transaction; `columns` change with it.

    Raises `TransitionRefusedError`, `GuardError`: nothing was changed.
    """
    before = Status(candidacy.status)
    move = _move(before, step)
    missing = unmet(candidacy, step)
    if missing:
        raise GuardError(missing)
    after = move.target or Status(candidacy.appealed_from)
    _run_clock(candidacy, before, after, step.at)
    for name, value in columns.items():
        setattr(candidacy, name, value)
    candidacy.appealed_from = before if after is Status.APPEAL else ""
    candidacy.status, candidacy.status_at = after, step.at
    _wait(candidacy, step, step.queue or DOSSIER.stays[after].first)
    if step.event is Event.OVERTURN:
        _supersede(candidacy, step.at)
    return _keep(candidacy, step, before=before, rule=move.rule, columns=columns)


def hand_over(candidacy: Candidacy, step: Step, **columns: object) -> CandidacyEvent:
    """Give the turn to `step.queue` within the same state; the event is `HAND_OVER`.

    Raises `TransitionRefusedError` when the state knows no such turn.
    """
    status = Status(candidacy.status)
    if step.event is not Event.HAND_OVER or step.queue not in DOSSIER.stays[status].terms:
        raise TransitionRefusedError(status, step.event, step.by)
    for name, value in columns.items():
        setattr(candidacy, name, value)
    _wait(candidacy, step, step.queue)
    return _keep(candidacy, step, before=status, rule="STO-83", columns=columns)


def _move(before: Status, step: Step) -> Move[Status]:
    fitting = [move for move in DOSSIER.find(before, step.event) if step.by in move.by]
    if len(fitting) > 1:
        fitting = [move for move in fitting if move.target is step.target]
    if len(fitting) != 1:
        raise TransitionRefusedError(before, step.event, step.by)
    return fitting[0]


def _supersede(candidacy: Candidacy, at: datetime) -> None:
    """Agreement and reservations of the decision that was overturned: a new opinion makes its own (STO-69)."""
    for rows in (candidacy.agreements, candidacy.reservations):
        rows.filter(superseded_at=None).update(superseded_at=at)


def note_contests(candidacy: Candidacy) -> None:
    """A result was contested or set aside: say so in the turn that runs, for a dossier that the caller has locked."""
    candidacy.reasons = _reasons(candidacy, candidacy.reasons)
    candidacy.save(update_fields=["reasons"])


def _reasons(candidacy: Candidacy, given: Iterable[str]) -> list[str]:
    """With `contested` while the back office has the turn and a result that was contested waits for a person (L18)."""
    others = [code for code in given if code != CONTESTED]
    if candidacy.queue in {"", Queue.PUBLISHER}:
        return others
    last = candidacy.steps.order_by("-round").values("round")[:1]
    waits = candidacy.steps.filter(round=Subquery(last), contested_at__isnull=False, override="")
    return [*others, CONTESTED] if waits.exists() else others


def _run_clock(candidacy: Candidacy, before: Status, after: Status, at: datetime) -> None:
    """The clock of the assessment runs in that state alone (STO-55)."""
    if before is after:
        return
    if before is Status.ASSESSMENT:
        ClockInterval.objects.filter(candidacy=candidacy, stopped_at=None).update(stopped_at=at)
    if after is Status.ASSESSMENT:
        ClockInterval.objects.create(candidacy=candidacy, started_at=at)


def _wait(candidacy: Candidacy, step: Step, queue: Queue | None) -> None:
    """Set the one human who is waited for, or none."""
    status, at = Status(candidacy.status), step.at
    if queue is None:
        candidacy.queue, candidacy.due_at, candidacy.waits_since = "", None, None
    else:
        term = DOSSIER.stays[status].terms[queue]
        intervals = _intervals(candidacy) if term.is_running_clock else ()
        candidacy.queue, candidacy.waits_since = queue, at
        candidacy.due_at = step.due_at or due.end_of(term, intervals=intervals, at=at)
    candidacy.reasons = _reasons(candidacy, step.reasons)
    who = _whose(candidacy, queue)
    candidacy.assignee_id, candidacy.assigned_at = who, at if who else None
    candidacy.wakes_at = due.wakes_at(status=status, queue=candidacy.queue, since=at, due_at=candidacy.due_at, at=at)


def _whose(candidacy: Candidacy, queue: Queue | None) -> UUID | None:
    """Whoever has worked on it in this part before goes on with it."""
    match queue:
        case Queue.DESK:
            return candidacy.desk_officer_id
        case Queue.ASSESSOR:
            return candidacy.assessor_id
        case Queue.SECOND_READER:
            return candidacy.second_reader_id
        case Queue.PRIVACY:
            return candidacy.privacy_reader_id
        case _:
            return None


def _intervals(candidacy: Candidacy) -> list[due.Interval]:
    return list(candidacy.clock.order_by("started_at").values_list("started_at", "stopped_at"))


def _keep(candidacy: Candidacy, step: Step, *, before: str, rule: str, columns: dict[str, object]) -> CandidacyEvent:
    candidacy.sequence += 1
    candidacy.save(update_fields=[*_COLUMNS, *columns])
    event = CandidacyEvent.objects.create(
        candidacy=candidacy, sequence=candidacy.sequence, event=step.event, before=before, after=candidacy.status,
        by=step.by, actor=step.actor, at=step.at, rule=rule, queue=candidacy.queue, due_at=candidacy.due_at,
        reason=step.reason, facts=dict(step.facts), snapshot_hash=step.snapshot_hash,
    )  # fmt: skip
    telling.of_dossier(candidacy, event)
    return event
