"""Failed checks, incidents, formal notices and audits of a referenced service (STO-42, STO-72 to STO-75)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from apps.store import clocks, transitions
from apps.store.models import Decision, Listing
from apps.store.services import acting, listing_acts, noticing
from apps.store.services.deciding import Reasons
from apps.store.services.errors import WrongValueError
from apps.store.states import Event, ListingStatus, Party, Queue, Term
from apps.store.transitions import Step
from apps.store.transitions.listing_guards import FINDINGS

Kind = Decision.Kind
ANSWER = Term(number=15)  # of a publisher to the findings of an audit (STO-73)
NOTICE_MONTHS = 6  # at most (CSP R1470-9, STO-36)


@transaction.atomic
def give_notice(*, actor: Actor, listing_id: UUID, reasons: Reasons, until: date, seen: int, at: datetime) -> Listing:
    """Confirm a failed check or an incident: the publisher has until a day to remedy, six months at most.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `WrongValueError`, `TransitionRefusedError`.
    """
    who, listing = listing_acts.opened(actor, StaffRole.DESK, listing_id=listing_id, seen=seen)
    listing_acts.require_no_proposal(listing)
    decision = listing_acts.keep(listing, kind=Kind.FORMAL_NOTICE, reasons=reasons, who=who, at=at, effect_on=until)
    step = Step(
        event=Event.RED_CHECK, by=Party.DESK, actor=str(who), at=at, target=ListingStatus.FORMAL_NOTICE,
        due_at=_term(until, at), reason=reasons.facts,
    )  # fmt: skip
    transitions.fire_listing(listing, step)
    noticing.notify(decision=decision, at=at)
    listing_acts.traced(actor, listing=listing, act="notice", at=at)
    return listing


@transaction.atomic
def dismiss(*, actor: Actor, listing_id: UUID, reason: str, seen: int, at: datetime) -> Listing:
    """The desk has looked at a failed check or an incident: nothing against the service; a turn of somebody else goes
    on. Raises as `give_notice`.
    """
    who, listing = listing_acts.opened(actor, StaffRole.DESK, listing_id=listing_id, seen=seen)
    others = tuple(code for code in listing.reasons if code not in transitions.FOR_DESK)
    if listing.queue != Queue.DESK and len(others) == len(listing.reasons):
        raise WrongValueError("status", listing.status)
    reason = acting.needed(reason, field="facts")
    step = Step(event=Event.HAND_OVER, by=Party.DESK, actor=str(who), at=at, reason=reason, facts={"closed": True})
    if listing.queue == Queue.DESK:
        transitions.hand_over_listing(listing, step)
    else:
        transitions.note_listing(listing, replace(step, reasons=others))
    listing_acts.traced(actor, listing=listing, act="dismiss", at=at)
    return listing


@transaction.atomic
def accept_remedy(*, actor: Actor, listing_id: UUID, reason: str, seen: int, at: datetime) -> Listing:
    """An assessor finds that what was asked for is done (STO-75). Raises as `give_notice`."""
    who, listing = listing_acts.opened(actor, StaffRole.ASSESSOR, listing_id=listing_id, seen=seen)
    listing_acts.require_no_proposal(listing)
    reason = acting.needed(reason, field="facts")
    step = Step(event=Event.REMEDIED, by=Party.ASSESSOR, actor=str(who), at=at, reason=reason)
    transitions.fire_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="remedied", at=at)
    return listing


@transaction.atomic
def refuse_remedy(*, actor: Actor, listing_id: UUID, reason: str, seen: int, at: datetime) -> Listing:
    """Not done yet: it is the publisher's turn again, until the day of the notice. Raises as `give_notice`."""
    who, listing = listing_acts.opened(actor, StaffRole.ASSESSOR, listing_id=listing_id, seen=seen)
    if listing.status != ListingStatus.FORMAL_NOTICE or listing.queue != Queue.ASSESSOR:
        raise WrongValueError("status", listing.status)
    reason = acting.needed(reason, field="facts")
    step = Step(
        event=Event.HAND_OVER, by=Party.ASSESSOR, actor=str(who), at=at, queue=Queue.PUBLISHER, reason=reason,
        due_at=_end_of_notice(listing, at),
    )  # fmt: skip
    transitions.hand_over_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="not_remedied", at=at)
    return listing


@transaction.atomic
def start_audit(*, actor: Actor, listing_id: UUID, plan: str, seen: int, at: datetime) -> Listing:
    """Send the plan of an audit; the publisher then has one month to deposit what it asks for (STO-42, STO-72).

    Raises as `give_notice`.
    """
    who, listing = listing_acts.opened(actor, StaffRole.ASSESSOR, listing_id=listing_id, seen=seen)
    listing_acts.require_no_proposal(listing)
    plan = acting.needed(plan, field="facts")
    step = Step(event=Event.AUDIT_START, by=Party.ASSESSOR, actor=str(who), at=at, reason=plan)
    transitions.fire_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="audit.start", at=at)
    return listing


@transaction.atomic
def end_audit(*, actor: Actor, listing_id: UUID, report: str, seen: int, at: datetime) -> Listing:
    """No remark: the service is referenced as before (STO-73). Raises as `give_notice`."""
    who, listing = listing_acts.opened(actor, StaffRole.ASSESSOR, listing_id=listing_id, seen=seen)
    listing_acts.require_no_proposal(listing)
    report = acting.needed(report, field="facts")
    step = Step(event=Event.CONFORM, by=Party.ASSESSOR, actor=str(who), at=at, reason=report)
    transitions.fire_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="audit.conform", at=at)
    return listing


@transaction.atomic
def send_findings(*, actor: Actor, listing_id: UUID, findings: str, seen: int, at: datetime) -> Listing:
    """What the audit has found: the publisher has fifteen days to answer before a formal notice (STO-73).

    Raises as `give_notice`, `WrongValueError` out of turn.
    """
    who, listing = listing_acts.opened(actor, StaffRole.ASSESSOR, listing_id=listing_id, seen=seen)
    is_late = listing.queue == Queue.PUBLISHER and listing.due_at is not None and listing.due_at < at
    if listing.status != ListingStatus.AUDIT or not (listing.queue == Queue.ASSESSOR or is_late):
        raise WrongValueError("status", listing.status)
    findings = acting.needed(findings, field="facts")
    step = Step(
        event=Event.HAND_OVER, by=Party.ASSESSOR, actor=str(who), at=at, queue=Queue.PUBLISHER, reason=findings,
        due_at=clocks.end_of(ANSWER, since=at), facts={FINDINGS: True},
    )  # fmt: skip
    transitions.hand_over_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="audit.findings", at=at)
    return listing


@transaction.atomic
def find_anomalies(
    *, actor: Actor, listing_id: UUID, reasons: Reasons, until: date, seen: int, at: datetime
) -> Listing:
    """The audit has found anomalies that the publisher could answer: formal notice with its day (STO-73).

    Raises as `give_notice`, and `GuardError` before the findings were answered or their term is over.
    """
    who, listing = listing_acts.opened(actor, StaffRole.ASSESSOR, listing_id=listing_id, seen=seen)
    listing_acts.require_no_proposal(listing)
    decision = listing_acts.keep(listing, kind=Kind.FORMAL_NOTICE, reasons=reasons, who=who, at=at, effect_on=until)
    step = Step(
        event=Event.ANOMALIES, by=Party.ASSESSOR, actor=str(who), at=at, due_at=_term(until, at), reason=reasons.facts
    )
    transitions.fire_listing(listing, step)
    noticing.notify(decision=decision, at=at)
    listing_acts.traced(actor, listing=listing, act="audit.anomalies", at=at)
    return listing


def _term(until: date, at: datetime) -> datetime:
    """The last second of the day of a notice. Raises `WrongValueError` for today, the past, or beyond six months."""
    today = at.astimezone(PARIS).date()
    if until <= today:
        raise WrongValueError("effect_on", "past")
    if until > clocks.months_after(today, NOTICE_MONTHS):
        raise WrongValueError("effect_on", "too-late")
    return clocks.last_second(until)


def _end_of_notice(listing: Listing, at: datetime) -> datetime:
    """The end that the notice began with, whoever gave it; tomorrow at the earliest, so that nobody is late by our
    reading.
    """
    began = listing_acts.entered(listing)
    tomorrow = clocks.last_second(at.astimezone(PARIS).date() + timedelta(days=1))
    return max(began.due_at, tomorrow) if began is not None and began.due_at is not None else tomorrow
