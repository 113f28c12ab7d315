"""Withdrawal of a referenced service: by two delegates with reasons, or by its publisher with notice (STO-77, 78)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
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
    listing_acts.require_no_proposal(listing)
    if Queue.CONFIRMER not in LISTING.stays[ListingStatus(listing.status)].terms:
        raise WrongValueError("status", listing.status)
    _fits(effect_on, at)
    listing_acts.keep(listing, kind=Kind.WITHDRAW, reasons=reasons, who=who, at=at, effect_on=effect_on)
    step = Step(
        event=Event.HAND_OVER, by=Party.DELEGATE, actor=str(who), at=at, queue=Queue.CONFIRMER,
        reasons=("withdrawal-proposed",), facts=_turn(listing),
    )  # fmt: skip
    transitions.hand_over_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="withdraw.propose", at=at)
    return listing


@transaction.atomic
def confirm(*, actor: Actor, listing_id: UUID, seen: int, at: datetime) -> Listing:
    """Second signature: the notice leaves, the withdrawal is planned. Raises as `propose`, and `SamePersonError`.

    A day that is over meanwhile is refused: the proposal is sent back for another one.
    """
    who, listing = listing_acts.opened(actor, StaffRole.DELEGATE, listing_id=listing_id, seen=seen)
    decision = listing_acts.proposed(listing, kind=Kind.WITHDRAW)
    if decision.effect_on is not None:
        _fits(decision.effect_on, at)
    listing_acts.confirm(decision, who=who, at=at)
    step = Step(event=Event.WITHDRAW, by=Party.DELEGATE, actor=str(who), at=at, facts={"decision": str(decision.pk)})
    transitions.fire_listing(listing, step, effect_on=decision.effect_on)
    listing_acts.traced(actor, listing=listing, act="withdraw.confirm", at=at)
    return listing


@transaction.atomic
def send_back(*, actor: Actor, listing_id: UUID, reason: str, seen: int, at: datetime) -> Listing:
    """The second person does not agree: the turn that the proposal interrupted goes on. Raises as `confirm`."""
    who, listing = listing_acts.opened(actor, StaffRole.DELEGATE, listing_id=listing_id, seen=seen)
    listing_acts.send_back(listing_acts.proposed(listing, kind=Kind.WITHDRAW), who=who, reason=reason, at=at)
    step = Step(event=Event.HAND_OVER, by=Party.DELEGATE, actor=str(who), at=at)
    transitions.hand_over_listing(listing, _as_before(listing, step))
    listing_acts.traced(actor, listing=listing, act="withdraw.return", at=at)
    return listing


@transaction.atomic
def leave(*, actor: Actor, listing_id: UUID, effect_on: date, reason: str, seen: int, at: datetime) -> Listing:
    """The publisher leaves the catalogue with three months' notice at least (STO-78).

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `GuardError` for a day too soon,
    `TransitionRefusedError`, `WrongValueError` while a withdrawal waits for its second signature.
    """
    member = acting.member_who_acts(actor, Member.Role.SIGNATORY)
    listing = acting.locked_listing(actor, listing_id=listing_id, seen=seen)
    listing_acts.require_no_proposal(listing)
    step = Step(event=Event.WITHDRAW, by=Party.PUBLISHER, actor=str(member.user_id), at=at, reason=reason.strip())
    transitions.fire_listing(listing, step, effect_on=effect_on)
    listing_acts.traced(actor, listing=listing, act="leave", at=at)
    return listing


def soonest_leave(at: datetime) -> date:
    """First day on which a publisher may leave."""
    return clocks.months_after(at.astimezone(PARIS).date(), NOTICE_MONTHS)


def _turn(listing: Listing) -> dict[str, str]:
    """Whose turn a proposal interrupts, until when and why: `_as_before` reads it."""
    due_at = listing.due_at.isoformat() if listing.due_at else ""
    return {"queue": listing.queue, "due_at": due_at, "reasons": ",".join(listing.reasons)}


def _as_before(listing: Listing, step: Step) -> Step:
    """The interrupted turn with its term; a publisher has until tomorrow at least, having been unable to act."""
    proposals = listing.events.filter(queue=Queue.CONFIRMER, facts__has_key="queue").order_by("-sequence")
    facts = proposals.values_list("facts", flat=True).first() or {"queue": "", "due_at": "", "reasons": ""}
    if not facts["queue"]:
        return step
    queue, due_at = Queue(facts["queue"]), datetime.fromisoformat(facts["due_at"])
    if queue is Queue.PUBLISHER:
        tomorrow = step.at.astimezone(PARIS).date() + timedelta(days=1)
        due_at = max(due_at, clocks.last_second(tomorrow))
    return replace(step, queue=queue, due_at=due_at, reasons=tuple(filter(None, facts["reasons"].split(","))))


def _fits(effect_on: date, at: datetime) -> None:
    today = at.astimezone(PARIS).date()
    if effect_on <= today:
        raise WrongValueError("effect_on", "past")
    if effect_on > clocks.months_after(today, EFFECT_MONTHS):
        raise WrongValueError("effect_on", "too-late")
