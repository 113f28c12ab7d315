"""What acts on a referenced service have in common: the person, the locked row, the decision with its reasons."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.store import clocks
from apps.store.models import Decision, Listing, ListingEvent
from apps.store.services import acting, cases, noticing
from apps.store.services.deciding import Reasons
from apps.store.services.errors import GuardError, SamePersonError, WrongValueError
from apps.store.states import Queue

Kind = Decision.Kind


def opened(actor: Actor, *roles: StaffRole, listing_id: UUID, seen: int) -> tuple[UUID, Listing]:
    """Who acts and the service, its row locked. Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`,
    `ConflictOfInterestError` before they have declared no link to its publisher (RV-03).
    """
    who = acting.reviewer_who_acts(actor, *roles)
    listing = acting.locked_listing(actor, listing_id=listing_id, seen=seen)
    cases.require_declared(listing.candidacy, user_id=who)
    return who, listing


def keep(
    listing: Listing, *, kind: Kind, reasons: Reasons, who: UUID, at: datetime, effect_on: date | None = None
) -> Decision:
    """The decision of one person, not notified yet. Raises `WrongValueError` where reasons are missing (STO-11)."""
    for field in ("ground", "facts", "signatory"):
        if not str(getattr(reasons, field)).strip():
            raise WrongValueError(field, "missing")
    return Decision.objects.create(
        candidacy_id=listing.candidacy_id, listing_id=listing.pk, kind=kind, ground=reasons.ground,
        facts=reasons.facts.strip(), signatory=reasons.signatory.strip(), criteria=list(reasons.criteria),
        effect_on=effect_on, decided_by_id=who, decided_at=at,
    )  # fmt: skip


def require_no_proposal(listing: Listing) -> None:
    """A decision that waits for its second person is confirmed or sent back first. Raises `WrongValueError`."""
    if listing.queue == Queue.CONFIRMER:
        raise WrongValueError("decision", "proposed")


def displace(listing: Listing, *, who: UUID, at: datetime) -> None:
    """A suspension does not wait: what waited for a second person is closed, so that nobody confirms it later."""
    waiting = _waiting(listing).filter(kind__in=(Kind.SUSPEND, Kind.WITHDRAW))
    waiting.update(returned_by_id=who, returned_at=at)


def entered(listing: Listing) -> ListingEvent | None:
    """The event that began the present state."""
    arrivals = listing.events.filter(after=listing.status).exclude(before=listing.status)
    return arrivals.order_by("-sequence").first()


def require_in_time(listing: Listing, *, at: datetime) -> None:
    """A term that the sweep ends is over after its last second, whether it has passed or not (STO-82).

    Raises `GuardError`.
    """
    if listing.due_at is not None and clocks.is_over(listing.due_at, at=at):
        raise GuardError(("term-over",))


def proposed(listing: Listing, *, kind: Kind) -> Decision:
    """The decision that waits for its second person now, its row locked. Raises `WrongValueError` without one."""
    rows = _waiting(listing).select_for_update(of=("self",)).filter(kind=kind)
    found = rows.order_by("-decided_at", "-id").first()
    if found is None or listing.queue != Queue.CONFIRMER:
        raise WrongValueError("decision", "nothing-proposed")
    return found


def confirm(decision: Decision, *, who: UUID, at: datetime) -> None:
    """Second signature, then the notice (decisions.md 26). Raises `SamePersonError`, `StoreUnavailableError`."""
    if decision.decided_by_id == who:
        raise SamePersonError("decided_by")
    decision.confirmed_by_id, decision.confirmed_at = who, at
    decision.save(update_fields=["confirmed_by", "confirmed_at"])
    noticing.notify(decision=decision, at=at)


def send_back(decision: Decision, *, who: UUID, reason: str, at: datetime) -> None:
    """The second person does not agree. Raises `SamePersonError`, `WrongValueError` without a reason."""
    if decision.decided_by_id == who:
        raise SamePersonError("decided_by")
    reason = acting.needed(reason, field="facts")
    decision.returned_by_id, decision.returned_at, decision.return_reason = who, at, reason
    decision.save(update_fields=["returned_by", "returned_at", "return_reason"])


def _waiting(listing: Listing) -> QuerySet[Decision]:
    return Decision.objects.filter(listing_id=listing.pk, confirmed_at=None, returned_at=None)


def traced(actor: Actor, *, listing: Listing, act: str, at: datetime, **facts: str) -> None:
    """Line of the trail in the scope of the publisher."""
    acting.trace(
        actor=actor, act=f"listing.{act}", publisher_id=listing.publisher_id, target=f"listing:{listing.pk}", at=at,
        facts=dict(facts),
    )  # fmt: skip
