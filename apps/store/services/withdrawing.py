"""Withdrawal of a referenced service: by two delegates with reasons, or by its publisher with notice (STO-77, 78)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from apps.store import clocks, transitions
from apps.store.models import Decision, Listing, Member
from apps.store.services import acting, listing_acts
from apps.store.services.deciding import Reasons
from apps.store.services.errors import WrongValueError
from apps.store.states import LISTING, Event, ListingStatus, Party, Queue
from apps.store.transitions import Step
from apps.store.transitions.listing_guards import EFFECT_MONTHS, NOTICE_MONTHS

Kind = Decision.Kind


@transaction.atomic
def propose(*, actor: Actor, listing_id: UUID, reasons: Reasons, effect_on: date, seen: int, at: datetime) -> Listing:
    """One delegate proposes a withdrawal with its day, six months away at most for continuity of care; the second one
    has five working days. Nothing changes for users before.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `WrongValueError`.
    """
    who, listing = listing_acts.opened(actor, StaffRole.DELEGATE, listing_id=listing_id, seen=seen)
    if Queue.CONFIRMER not in LISTING.stays[ListingStatus(listing.status)].terms or listing.queue == Queue.CONFIRMER:
        raise WrongValueError("status", listing.status)
    _fits(effect_on, at)
    listing_acts.keep(listing, kind=Kind.WITHDRAW, reasons=reasons, who=who, at=at, effect_on=effect_on)
    step = Step(event=Event.HAND_OVER, by=Party.DELEGATE, actor=str(who), at=at, queue=Queue.CONFIRMER)
    transitions.hand_over_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="withdraw.propose", at=at)
    return listing


@transaction.atomic
def confirm(*, actor: Actor, listing_id: UUID, seen: int, at: datetime) -> Listing:
    """Second signature: the notice leaves, the withdrawal is planned. Raises as `propose`, and `SamePersonError`."""
    who, listing = listing_acts.opened(actor, StaffRole.DELEGATE, listing_id=listing_id, seen=seen)
    decision = listing_acts.proposed(listing, kind=Kind.WITHDRAW)
    listing_acts.confirm(decision, who=who, at=at)
    step = Step(event=Event.WITHDRAW, by=Party.DELEGATE, actor=str(who), at=at, facts={"decision": str(decision.pk)})
    transitions.fire_listing(listing, step, effect_on=decision.effect_on)
    listing_acts.traced(actor, listing=listing, act="withdraw.confirm", at=at)
    return listing


@transaction.atomic
def send_back(*, actor: Actor, listing_id: UUID, reason: str, seen: int, at: datetime) -> Listing:
    """The second person does not agree: the service is where it was, its terms begin anew. Raises as `confirm`."""
    who, listing = listing_acts.opened(actor, StaffRole.DELEGATE, listing_id=listing_id, seen=seen)
    listing_acts.send_back(listing_acts.proposed(listing, kind=Kind.WITHDRAW), who=who, reason=reason, at=at)
    first = None if listing.status == ListingStatus.PUBLISHED else LISTING.stays[ListingStatus(listing.status)].first
    step = Step(event=Event.HAND_OVER, by=Party.DELEGATE, actor=str(who), at=at, queue=first, reason=reason.strip())
    transitions.hand_over_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="withdraw.return", at=at)
    return listing


@transaction.atomic
def leave(*, actor: Actor, listing_id: UUID, effect_on: date, reason: str, seen: int, at: datetime) -> Listing:
    """The publisher leaves the catalogue with three months' notice at least (STO-78).

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `GuardError` for a day too soon,
    `TransitionRefusedError`.
    """
    member = acting.member_who_acts(actor, Member.Role.SIGNATORY)
    listing = acting.locked_listing(actor, listing_id=listing_id, seen=seen)
    step = Step(event=Event.WITHDRAW, by=Party.PUBLISHER, actor=str(member.user_id), at=at, reason=reason.strip())
    transitions.fire_listing(listing, step, effect_on=effect_on)
    listing_acts.traced(actor, listing=listing, act="leave", at=at)
    return listing


def soonest_leave(at: datetime) -> date:
    """First day on which a publisher may leave."""
    return clocks.months_after(at.astimezone(PARIS).date(), NOTICE_MONTHS)


def _fits(effect_on: date, at: datetime) -> None:
    today = at.astimezone(PARIS).date()
    if effect_on <= today:
        raise WrongValueError("effect_on", "past")
    if effect_on > clocks.months_after(today, EFFECT_MONTHS):
        raise WrongValueError("effect_on", "too-late")
