"""Steps of a referenced service: the same engine on its own table (STO-70 to STO-80)."""

from __future__ import annotations

from dataclasses import replace

from apps.store import due, telling
from apps.store.models import Listing, ListingEvent
from apps.store.states import LISTING, Event, ListingStatus, Party, Queue
from apps.store.states.listing import MAY_REST, OVER
from apps.store.states.machine import Move
from apps.store.transitions.listing_guards import unmet
from apps.store.transitions.step import GuardError, Step, TransitionRefusedError

_COLUMNS = (
    "status", "status_at", "sequence", "queue", "due_at", "waits_since", "wakes_at", "reasons", "assignee",
    "assigned_at",
)  # fmt: skip

# What the desk has to look at; kept in whatever state the service is until the desk has done so (STO-74, L3).
FOR_DESK = ("check-failed", "incident", "certificate-ended", "precaution-ended", "report", "contested")


def open_listing(listing: Listing, step: Step) -> ListingEvent:
    """Keep a new listing, inside the caller's transaction; the table itself refuses one without its three records.

    `wakes_at` is set by the caller: the day of its first weekly checks.
    """
    move = _move(None, step)
    listing.status, listing.status_at, listing.sequence = move.target or "", step.at, 1
    listing.save(force_insert=True)
    return _event(listing, step, before="", rule=move.rule)


def fire_listing(listing: Listing, step: Step, **columns: object) -> ListingEvent:
    """Move a listing whose row the caller has locked; `columns` change with it.

    Guards see the columns as they will be. Raises `TransitionRefusedError`, `GuardError`: no row was changed.
    """
    before = ListingStatus(listing.status)
    move = _move(before, step)
    for name, value in columns.items():
        setattr(listing, name, value)
    missing = unmet(listing, step)
    if missing:
        raise GuardError(missing)
    after = move.target or before
    if after is ListingStatus.WITHDRAWN:
        columns["ended_at"] = listing.ended_at = step.at
    listing.status, listing.status_at = after, step.at
    first = None if after in MAY_REST else LISTING.stays[after].first
    _wait(listing, step, step.queue or first)
    return _keep(listing, step, before=before, rule=move.rule, columns=columns)


def hand_over_listing(listing: Listing, step: Step, **columns: object) -> ListingEvent:
    """Give the turn to `step.queue` within the same state, or to nobody where the state may rest.

    Raises `TransitionRefusedError` when the state knows no such turn.
    """
    status = ListingStatus(listing.status)
    is_known = step.queue in LISTING.stays[status].terms if step.queue else status in MAY_REST
    if step.event is not Event.HAND_OVER or not is_known:
        raise TransitionRefusedError(status, step.event, step.by)
    for name, value in columns.items():
        setattr(listing, name, value)
    _wait(listing, step, step.queue)
    return _keep(listing, step, before=status, rule="STO-83", columns=columns)


def lifted_to(listing: Listing) -> ListingStatus:
    """Where the end of a suspension leads: a departure that was planned before keeps its day."""
    return ListingStatus.LEAVING if listing.effect_on else ListingStatus.PUBLISHED


def tell_desk(listing: Listing, step: Step) -> ListingEvent:
    """Give a running service to the desk because of `step.reasons`: now where nobody else is waited for, else as soon
    as it rests again; the turn of somebody else stays as it is (STO-74, STO-76).

    Raises `TransitionRefusedError` once the service has left.
    """
    if listing.status in MAY_REST and listing.queue in {"", Queue.DESK}:
        return hand_over_listing(listing, replace(step, queue=Queue.DESK, due_at=listing.due_at))
    return note_listing(listing, replace(step, reasons=(*listing.reasons, *step.reasons)))


def note_listing(listing: Listing, step: Step) -> ListingEvent:
    """Write down what happened without moving the turn; `step.reasons`: all that a human has to look at from now on.

    Raises `TransitionRefusedError` once the service has left.
    """
    status = ListingStatus(listing.status)
    if step.event is not Event.HAND_OVER or status in OVER:
        raise TransitionRefusedError(status, step.event, step.by)
    listing.reasons = list(dict.fromkeys(step.reasons))
    listing.sequence += 1
    listing.save(update_fields=["sequence", "reasons"])
    return _kept_event(listing, step, before=status, rule="STO-83")


def _move(before: ListingStatus | None, step: Step) -> Move[ListingStatus]:
    fitting = [move for move in LISTING.find(before, step.event) if step.by in move.by]
    if len(fitting) > 1:
        fitting = [move for move in fitting if move.target is step.target]
    if len(fitting) != 1:
        raise TransitionRefusedError(before or "", step.event, step.by)
    return fitting[0]


def _wait(listing: Listing, step: Step, queue: Queue | None) -> None:
    open_codes = [] if step.by is Party.DESK or listing.status in OVER else _for_desk(listing)
    if queue is None and open_codes and listing.status in MAY_REST:
        queue = Queue.DESK
    if queue is None:
        listing.queue, listing.due_at, listing.waits_since = "", None, None
    else:
        term = LISTING.stays[ListingStatus(listing.status)].terms[queue]
        listing.queue, listing.waits_since = queue, step.at
        listing.due_at = step.due_at or due.end_of(term, intervals=(), at=step.at)
    listing.reasons = list(dict.fromkeys([*step.reasons, *open_codes]))
    listing.assignee = listing.assigned_at = None
    listing.wakes_at = due.listing_wakes_at(listing, at=step.at)


def _for_desk(listing: Listing) -> list[str]:
    return [code for code in listing.reasons if code in FOR_DESK]


def _keep(
    listing: Listing, step: Step, *, before: ListingStatus, rule: str, columns: dict[str, object]
) -> ListingEvent:
    listing.sequence += 1
    listing.save(update_fields=[*_COLUMNS, *columns])
    return _event(listing, step, before=before, rule=rule)


def _event(listing: Listing, step: Step, *, before: str, rule: str) -> ListingEvent:
    event = _kept_event(listing, step, before=before, rule=rule)
    telling.of_listing(listing, event)
    return event


def _kept_event(listing: Listing, step: Step, *, before: str, rule: str) -> ListingEvent:
    return ListingEvent.objects.create(
        listing=listing, sequence=listing.sequence, event=step.event, before=before, after=listing.status,
        by=step.by, actor=step.actor, at=step.at, rule=rule, queue=listing.queue, due_at=listing.due_at,
        reason=step.reason, facts=dict(step.facts), snapshot_hash=step.snapshot_hash,
    )  # fmt: skip
