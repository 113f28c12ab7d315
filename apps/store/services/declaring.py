"""What a publisher does for a referenced service: yearly declaration, remedies, incidents, small changes (PU-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.forms.models import model_to_dict

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.store import telling, transitions
from apps.store.jobs import surveying
from apps.store.models import CandidacyStep, Declaration, Listing, Member, Sheet
from apps.store.services import acting, cases, checking, listing_acts
from apps.store.services.errors import ChangedError, WrongValueError
from apps.store.states import LISTING, Event, ListingStatus, Party, Queue
from apps.store.states.listing import OVER
from apps.store.transitions import Step

# What may change without a new look at the dossier (STO-44); everything else is a substantial change. An address leads
# users to a domain that nobody has looked at.
EDITORIAL = (
    "tagline", "description", "needs", "audiences", "languages", "price_detail", "support_email", "support_phone",
)  # fmt: skip
TO_REMEDY = (ListingStatus.FORMAL_NOTICE, ListingStatus.AUDIT, ListingStatus.SUSPENDED)
_NEXT = {ListingStatus.SUSPENDED: Queue.DELEGATE}


@transaction.atomic
def declare(*, actor: Actor, listing_id: UUID, text: str, seen: int, at: datetime) -> Declaration:
    """Yearly declaration: nothing changed when `text` is empty, else what changed (STO-43, STO-71).

    Once late it answers the formal notice, which an assessor ends (STO-75). The checks run again.
    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `GuardError` after the term,
    `TransitionRefusedError` while none is due.
    """
    member = acting.member_who_acts(actor, Member.Role.SIGNATORY)
    listing = acting.locked_listing(actor, listing_id=listing_id, seen=seen)
    listing_acts.require_no_proposal(listing)
    listing_acts.require_in_time(listing, at=at)
    is_late = owes_declaration(listing)
    day = surveying.anniversary(listing.declared_on)  # the rhythm stays that of the publication (L24)
    made = Declaration.objects.create(
        listing=listing, year=day.year, is_unchanged=not text.strip(), text=text.strip(),
        declared_by_id=member.user_id, declared_at=at,
    )  # fmt: skip
    step = Step(event=Event.DECLARED, by=Party.PUBLISHER, actor=str(member.user_id), at=at)
    if is_late:
        answer = replace(step, event=Event.HAND_OVER, queue=Queue.ASSESSOR, reasons=("answer-received",))
        transitions.hand_over_listing(listing, answer, declared_on=day)
    else:
        transitions.fire_listing(listing, step, declared_on=day)
    _check_again(listing, at)
    listing_acts.traced(actor, listing=listing, act="declare", at=at)
    return made


def owes_declaration(listing: Listing) -> bool:
    """Whether a formal notice waits for a declaration that was missing."""
    if listing.status != ListingStatus.FORMAL_NOTICE or listing.queue != Queue.PUBLISHER:
        return False
    began = listing_acts.entered(listing)
    if began is None or began.event != Event.LATE:
        return False
    return not listing.declarations.filter(declared_at__gte=began.at).exists()


@transaction.atomic
def hand_in(*, actor: Actor, listing_id: UUID, text: str, seen: int, at: datetime) -> Listing:
    """Say what was done about a formal notice, an audit or a suspension: it is the back office's turn.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `WrongValueError` without words or out of turn,
    `GuardError` after the term of a formal notice; an audit and a suspension may be answered late.
    """
    member = acting.member_who_acts(actor, Member.Role.TECHNICAL)
    listing = acting.locked_listing(actor, listing_id=listing_id, seen=seen)
    if listing.status not in TO_REMEDY or listing.queue != Queue.PUBLISHER:
        raise WrongValueError("status", listing.status)
    if LISTING.stays[ListingStatus(listing.status)].times_out:
        listing_acts.require_in_time(listing, at=at)
    text = acting.needed(text, field="text")
    queue = _NEXT.get(ListingStatus(listing.status), Queue.ASSESSOR)
    step = Step(
        event=Event.HAND_OVER, by=Party.PUBLISHER, actor=str(member.user_id), at=at, queue=queue, reason=text,
        reasons=("answer-received",),
    )  # fmt: skip
    transitions.hand_over_listing(listing, step)
    listing_acts.traced(actor, listing=listing, act="hand_in", at=at)
    return listing


@transaction.atomic
def report_incident(*, actor: Actor, listing_id: UUID, text: str, seen: int, at: datetime) -> Listing:
    """Tell of a security incident within twenty-four hours: the desk looks at it within one working day.

    In every state in which somebody may use the service; the turn of somebody else stays as it is (STO-76).
    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `WrongValueError` without words or once it has left.
    """
    member = acting.member_who_acts(actor, Member.Role.TECHNICAL, Member.Role.DPO)
    listing = acting.locked_listing(actor, listing_id=listing_id, seen=seen)
    text = acting.needed(text, field="text")
    if listing.status in OVER:
        raise WrongValueError("status", listing.status)
    step = Step(
        event=Event.HAND_OVER, by=Party.PUBLISHER, actor=str(member.user_id), at=at, reason=text,
        reasons=("incident",), facts={"flag": "incident"},
    )  # fmt: skip
    transitions.tell_desk(listing, step)
    desk = cases.staff_without_link(StaffRole.DESK, candidacy=listing.candidacy, at=at)
    key = f"service:{listing.pk}:{listing.sequence}:incident"
    facts = telling.facts_of(listing) | ({} if listing.queue == Queue.DESK else {"queue": Queue.DESK, "due_at": ""})
    telling.write(user_ids=desk, template="review_turn", key=key, facts=facts, at=at)
    listing_acts.traced(actor, listing=listing, act="incident", at=at)
    return listing


@transaction.atomic
def change_page(*, actor: Actor, listing_id: UUID, contents: Mapping[str, object], version: int, at: datetime) -> Sheet:
    """Change what is editorial on the public page: shown at once, kept beside the former page (STO-44, L20).

    The checks run again.

    Raises `ChangedError` when another member was quicker, `WrongValueError` while suspended or leaving,
    `AccessDeniedError`, `UnknownRowError`.
    """
    member = acting.member_who_acts(actor, Member.Role.TECHNICAL)
    listing = acting.locked_listing(actor, listing_id=listing_id)
    shown = shown_sheet(listing)
    if listing.status in {ListingStatus.SUSPENDED, ListingStatus.WITHDRAWN, ListingStatus.EXPIRED}:
        raise WrongValueError("status", listing.status)
    if shown.version != version:
        raise ChangedError(event="sheet", actor=str(shown.written_by_id), at=shown.written_at)
    wanted = {name: contents[name] for name in EDITORIAL}
    if all(getattr(shown, name) == value for name, value in wanted.items()):
        return shown
    kept = model_to_dict(shown, exclude=["id", "candidacy", "written_by", "replaced_at"])
    Sheet.objects.filter(pk=shown.pk).update(replaced_at=at)
    made = Sheet.objects.create(
        candidacy_id=shown.candidacy_id,
        **{**kept, **wanted, "version": shown.version + 1, "written_at": at, "shown_at": at},
        written_by_id=member.user_id,
    )
    _check_again(listing, at)
    listing_acts.traced(actor, listing=listing, act="page", at=at, version=str(made.version))
    return made


def _check_again(listing: Listing, at: datetime) -> None:
    """A round for this change; one that has just begun serves as well."""
    if not listing.candidacy.steps.filter(asked_at__gt=at - checking.EVERY).exists():
        checking.start_checks(candidacy=listing.candidacy, cause=CandidacyStep.Cause.CHANGE, at=at)


def shown_sheet(listing: Listing) -> Sheet:
    """The page that the catalogue shows. Raises `Sheet.DoesNotExist` for a listing without one, which is none."""
    return Sheet.objects.get(candidacy_id=listing.candidacy_id, shown_at__isnull=False, replaced_at=None)
