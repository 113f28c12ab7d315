"""Who is told of what happens to a dossier or a service: rows of the outbox, in the transaction of the act (STO-81)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from apps.accounts.models import StaffMembership, StaffRole
from apps.store.models import Candidacy, CandidacyEvent, Listing, ListingEvent, Mail, Member
from apps.store.states import DOSSIER, LISTING, Event, Queue

# Roles of the staff behind each queue of the back office.
ROLES: Mapping[Queue, StaffRole] = {
    Queue.DESK: StaffRole.DESK,
    Queue.ASSESSOR: StaffRole.ASSESSOR,
    Queue.SECOND_READER: StaffRole.ASSESSOR,
    Queue.PRIVACY: StaffRole.PRIVACY,
    Queue.SECRETARIAT: StaffRole.SECRETARIAT,
    Queue.DELEGATE: StaffRole.DELEGATE,
    Queue.CONFIRMER: StaffRole.DELEGATE,
    Queue.APPEALS: StaffRole.APPEALS,
}


def publisher_people(publisher_id: UUID) -> list[UUID]:
    """Everybody who acts for the publisher now."""
    running = Member.objects.filter(publisher_id=publisher_id, ended_at=None)
    return list(running.order_by("started_at", "id").values_list("user_id", flat=True))


def staff_of(role: StaffRole, *, at: datetime) -> list[UUID]:
    """Members of the staff who hold the role now."""
    running = StaffMembership.objects.filter(role=role, started_at__lte=at, ended_at=None)
    return list(running.order_by("started_at", "id").values_list("user_id", flat=True))


def write(*, user_ids: Collection[UUID], template: str, key: str, facts: Mapping[str, str | int], at: datetime) -> None:
    """One mail for each person; the same key for the same person is one mail, however often it is said (REL-01).

    The caller queues `tasks.send_mails` after the commit; a sweep finds what the queue forgot.
    """
    rows = [
        Mail(user_id=user_id, key=key, template=template, facts=dict(facts), at=at, due_at=at)
        for user_id in dict.fromkeys(user_ids)
    ]
    Mail.objects.bulk_create(rows, ignore_conflicts=True)


def facts_of(row: Candidacy | Listing) -> dict[str, str | int]:
    """What every mail about it may say: number, service, state, whose turn it is and until when."""
    candidacy = row if isinstance(row, Candidacy) else row.candidacy
    due = row.due_at.isoformat() if row.due_at else ""
    return {
        "number": candidacy.number,
        "service": candidacy.service.name,
        "status": row.status,
        "queue": row.queue,
        "due_at": due,
    }


# Events of which the publisher is told, each by a template of its own (L6).
_TOLD = frozenset(Event) - {Event.CREATE, Event.HAND_OVER}


def events_of_dossiers() -> set[Event]:
    """Events of the table of dossiers of which the publisher is told."""
    return {move.event for move in DOSSIER.moves if move.event in _TOLD} | {Event.HAND_OVER}


def events_of_listings() -> set[Event]:
    """The same for referenced services."""
    return {move.event for move in LISTING.moves if move.event in _TOLD} | {Event.HAND_OVER}


def of_dossier(candidacy: Candidacy, event: CandidacyEvent) -> None:
    """Tell the publisher what happened, and that it is their turn; tell whoever of the staff goes on with it."""
    facts = facts_of(candidacy) | {"event": event.event, "before": event.before}
    key = f"dossier:{candidacy.id}:{event.sequence}"
    is_theirs = candidacy.queue == Queue.PUBLISHER
    if event.event in _TOLD or is_theirs:
        people = publisher_people(candidacy.publisher_id)
        write(user_ids=people, template=f"dossier_{event.event}", key=key, facts=facts, at=event.at)
    if candidacy.assignee_id is not None and not is_theirs:
        write(user_ids=[candidacy.assignee_id], template="review_turn", key=key, facts=facts, at=event.at)


def of_listing(listing: Listing, event: ListingEvent) -> None:
    """The same for a referenced service."""
    facts = facts_of(listing) | {"event": event.event, "before": event.before}
    key = f"service:{listing.id}:{event.sequence}"
    if event.event in _TOLD or listing.queue == Queue.PUBLISHER:
        people = publisher_people(listing.publisher_id)
        write(user_ids=people, template=f"service_{event.event}", key=key, facts=facts, at=event.at)
