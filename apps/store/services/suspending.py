"""Suspension of a service: at once by one person, confirmed by another, or as a precaution (STO-76, STO-77)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from apps.store import clocks, transitions
from apps.store.models import Decision, Listing
from apps.store.services import listing_acts, noticing
from apps.store.services.deciding import Reasons
from apps.store.services.errors import WrongValueError
from apps.store.states import Event, ListingStatus, Party, Queue
from apps.store.transitions import Step

Kind = Decision.Kind
PRECAUTION_DAYS = 15  # STO-76


@transaction.atomic
def suspend(*, actor: Actor, listing_id: UUID, reasons: Reasons, seen: int, at: datetime) -> Listing:
    """Suspend at once: the page says so and nobody new connects. A second delegate confirms within one working day;
    the notice leaves with the second signature (decisions.md 26).

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `WrongValueError`, `TransitionRefusedError`.
    """
    who, listing = listing_acts.opened(actor, StaffRole.DELEGATE, listing_id=listing_id, seen=seen)
    listing_acts.displace(listing, who=who, at=at)
    listing_acts.keep(listing, kind=Kind.SUSPEND, reasons=reasons, who=who, at=at)
    step = Step(event=Event.SUSPEND, by=Party.DELEGATE, actor=str(who), at=at, queue=Queue.CONFIRMER)
    transitions.fire_listing(listing, step, precaution_until=None)
    listing_acts.traced(actor, listing=listing, act="suspend", at=at)
    return listing


@transaction.atomic
def suspend_as_precaution(*, actor: Actor, listing_id: UUID, reasons: Reasons, seen: int, at: datetime) -> Listing:
    """The desk suspends for fifteen days; the minister's delegate decides in the meantime, else it ends by itself.

    Raises as `suspend`.
    """
    who, listing = listing_acts.opened(actor, StaffRole.DESK, listing_id=listing_id, seen=seen)
    listing_acts.displace(listing, who=who, at=at)
    decision = listing_acts.keep(listing, kind=Kind.PRECAUTION, reasons=reasons, who=who, at=at)
    day = clocks.last_second(at.astimezone(PARIS).date() + timedelta(days=PRECAUTION_DAYS))
    step = Step(
        event=Event.SUSPEND, by=Party.DESK, actor=str(who), at=at, queue=Queue.DELEGATE, due_at=day,
        reasons=("precaution",),
    )  # fmt: skip
    transitions.fire_listing(listing, step, precaution_until=day)
    noticing.notify(decision=decision, at=at)
    listing_acts.traced(actor, listing=listing, act="precaution", at=at)
    return listing


@transaction.atomic
def maintain(*, actor: Actor, listing_id: UUID, reasons: Reasons, seen: int, at: datetime) -> Listing:
    """Make a precaution, or a suspension by a term that is over, the decision of a delegate; a second one confirms.

    Raises as `suspend`.
    """
    who, listing = listing_acts.opened(actor, StaffRole.DELEGATE, listing_id=listing_id, seen=seen)
    if listing.status != ListingStatus.SUSPENDED or listing.queue != Queue.DELEGATE:
        raise WrongValueError("status", listing.status)
    listing_acts.keep(listing, kind=Kind.SUSPEND, reasons=reasons, who=who, at=at)
    step = Step(event=Event.HAND_OVER, by=Party.DELEGATE, actor=str(who), at=at, queue=Queue.CONFIRMER)
    transitions.hand_over_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="maintain", at=at)
    return listing


@transaction.atomic
def confirm_suspension(*, actor: Actor, listing_id: UUID, seen: int, at: datetime) -> Listing:
    """Second signature: the notice leaves, and it is the publisher's turn to remedy.

    Raises `SamePersonError`, `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `WrongValueError`.
    """
    who, listing = _at_second(actor, listing_id, seen)
    listing_acts.confirm(listing_acts.proposed(listing, kind=Kind.SUSPEND), who=who, at=at)
    step = Step(event=Event.HAND_OVER, by=Party.DELEGATE, actor=str(who), at=at, queue=Queue.PUBLISHER)
    transitions.hand_over_listing(listing, step, precaution_until=None)
    listing_acts.traced(actor, listing=listing, act="suspend.confirm", at=at)
    return listing


@transaction.atomic
def return_suspension(*, actor: Actor, listing_id: UUID, reason: str, seen: int, at: datetime) -> Listing:
    """The second person does not agree: the first one decides again; a precaution keeps its end.

    Raises as `confirm_suspension`.
    """
    who, listing = _at_second(actor, listing_id, seen)
    listing_acts.send_back(listing_acts.proposed(listing, kind=Kind.SUSPEND), who=who, reason=reason, at=at)
    step = Step(
        event=Event.HAND_OVER, by=Party.DELEGATE, actor=str(who), at=at, queue=Queue.DELEGATE, reasons=("returned",),
        due_at=listing.precaution_until,
    )  # fmt: skip
    transitions.hand_over_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="suspend.return", at=at)
    return listing


@transaction.atomic
def restore(*, actor: Actor, listing_id: UUID, reasons: Reasons, seen: int, at: datetime) -> Listing:
    """End a suspension: remedied. Raises as `suspend`, and `WrongValueError` while a decision is to be confirmed."""
    who, listing = listing_acts.opened(actor, StaffRole.DELEGATE, listing_id=listing_id, seen=seen)
    listing_acts.require_no_proposal(listing)
    decision = listing_acts.keep(listing, kind=Kind.LIFT, reasons=reasons, who=who, at=at)
    step = Step(event=Event.LIFT, by=Party.DELEGATE, actor=str(who), at=at, target=transitions.lifted_to(listing))
    transitions.fire_listing(listing, step, precaution_until=None)
    noticing.notify(decision=decision, at=at)
    listing_acts.traced(actor, listing=listing, act="restore", at=at)
    return listing


def _at_second(actor: Actor, listing_id: UUID, seen: int) -> tuple[UUID, Listing]:
    who, listing = listing_acts.opened(actor, StaffRole.DELEGATE, listing_id=listing_id, seen=seen)
    if listing.status != ListingStatus.SUSPENDED or listing.queue != Queue.CONFIRMER:
        raise WrongValueError("status", listing.status)
    return who, listing
