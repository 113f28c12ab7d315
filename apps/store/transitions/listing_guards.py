"""Conditions of single lines of the table of listings (column « guard » of store.md 5.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from apps.common.dates import PARIS
from apps.store.clocks import months_after
from apps.store.models import Decision, Listing
from apps.store.states import Event, ListingStatus, Party, Queue
from apps.store.transitions.step import Step

Guard = Callable[[Listing, Step], Iterator[str]]

YEARLY_BEFORE_DAYS = 60  # STO-70
LATE_AFTER_DAYS = 30  # STO-71
NOTICE_MONTHS = 3  # of a publisher who leaves (STO-78)
EFFECT_MONTHS = 6  # at most, for continuity of care (STO-36, STO-78)
EXPIRED_DAYS = 30  # STO-80
FINDINGS = "findings"  # fact of the event that sends what an audit has found


def unmet(listing: Listing, step: Step) -> tuple[str, ...]:
    """Codes of the conditions that are not met; empty: the step may be made."""
    guard = _GUARDS.get(step.event)
    return tuple(guard(listing, step)) if guard is not None else ()


def _declared(listing: Listing, step: Step) -> Iterator[str]:
    if not listing.declarations.filter(declared_at=step.at).exists():
        yield "declaration-missing"


def _late(listing: Listing, step: Step) -> Iterator[str]:
    if listing.due_at is None or step.at <= listing.due_at:
        yield "term-runs"


def _timeout(listing: Listing, step: Step) -> Iterator[str]:
    if listing.queue != Queue.PUBLISHER:
        yield "term-runs"
    yield from _late(listing, step)


def _anomalies(listing: Listing, step: Step) -> Iterator[str]:
    """STO-73: the publisher has read what was found, and has answered or has let the term pass."""
    if not findings_sent(listing):
        yield "findings-missing"
    elif listing.queue == Queue.PUBLISHER:
        yield from _late(listing, step)


def findings_sent(listing: Listing) -> bool:
    """Whether what the present audit has found was sent to the publisher."""
    begun = listing.events.filter(event=Event.AUDIT_START).order_by("-sequence").values("sequence")[:1]
    return listing.events.filter(facts__has_key=FINDINGS, sequence__gt=Coalesce(Subquery(begun), 0)).exists()


def _suspend(listing: Listing, step: Step) -> Iterator[str]:
    """STO-76: a written decision of this instant; the desk may do so as a precaution only."""
    kind = Decision.Kind.PRECAUTION if step.by is Party.DESK else Decision.Kind.SUSPEND
    if not Decision.objects.filter(listing_id=listing.id, kind=kind, decided_at__lte=step.at).exists():
        yield "decision-missing"


def _lift(listing: Listing, step: Step) -> Iterator[str]:
    """STO-76: a precaution ends by itself where nobody has decided within its term."""
    if step.by is Party.SYSTEM:
        if listing.queue != Queue.DELEGATE:
            yield "term-runs"
        yield from _late(listing, step)
    elif not Decision.objects.filter(listing_id=listing.id, kind=Decision.Kind.LIFT).exists():
        yield "decision-missing"


def _withdraw(listing: Listing, step: Step) -> Iterator[str]:
    """STO-78: by the State with a confirmed decision, within six months; by the publisher with three months' notice."""
    today = step.at.astimezone(PARIS).date()
    effect = listing.effect_on
    if effect is None:
        yield "effect-missing"
        return
    if step.by is Party.PUBLISHER:
        if effect < months_after(today, NOTICE_MONTHS):
            yield "notice-too-short"
        return
    if effect > months_after(today, EFFECT_MONTHS):
        yield "effect-too-late"
    confirmed = Decision.objects.filter(listing_id=listing.id, kind=Decision.Kind.WITHDRAW, confirmed_at__isnull=False)
    if not confirmed.exists():
        yield "confirmation-missing"


def _effect(listing: Listing, step: Step) -> Iterator[str]:
    today = step.at.astimezone(PARIS).date()
    day = listing.effect_on
    if listing.status == ListingStatus.EXPIRED:
        if (today - listing.agreement_ends_on).days < EXPIRED_DAYS:
            yield "term-runs"
    elif day is None or today < day:
        yield "term-runs"


def _end(listing: Listing, step: Step) -> Iterator[str]:
    if step.at.astimezone(PARIS).date() <= listing.agreement_ends_on:
        yield "term-runs"


_GUARDS: dict[Event, Guard] = {
    Event.DECLARED: _declared,
    Event.LATE: _late,
    Event.TIMEOUT: _timeout,
    Event.ANOMALIES: _anomalies,
    Event.SUSPEND: _suspend,
    Event.LIFT: _lift,
    Event.WITHDRAW: _withdraw,
    Event.EFFECT_DATE: _effect,
    Event.CONVENTION_END: _end,
}
