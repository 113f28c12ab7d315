"""Access history of a space: lines of the trail in words a person reads (historique d'activité, IDN-52, AH-01).

Lines about documents that the reader may not see leave no trace: they are left out before anything is counted (SEC-05).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from apps.access import Actor, Purpose, Role, Section
from apps.accounts.models import User
from apps.audit.services import AuditEvent, events_of
from apps.directory.models import Professional
from apps.dmp.models import Document
from apps.journeys import words


class Period(StrEnum):
    """How far back; values stand in the URL."""

    MONTH = "30-jours"
    YEAR = "12-mois"
    ALL = "tout"


class Who(StrEnum):
    """Whose acts; values stand in the URL."""

    EVERYBODY = "tous"
    PROFESSIONALS = "professionnels"
    RELATIVES = "proches"


_DAYS = {Period.MONTH: 30, Period.YEAR: 365}
_OF_MESSAGES = ("journeys.attachment.save", "journeys.document.enclose")
_RELATIVES = (Role.REPRESENTATIVE.value, Role.DELEGATE.value, Role.HOLDER.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the page shows: `own` = the reader's own acts instead of everybody else's."""

    own: bool = False
    period: Period = Period.MONTH
    who: Who = Who.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLine:
    """One line: when, who in which capacity and where, what, why. `document` is one that the reader may open, else
    None.
    """

    at: datetime
    who: str
    capacity: str | Promise
    what: str | Promise
    why: str | Promise
    is_emergency: bool
    reason: str
    document: Document | None


def events_for(*, actor: Actor, space_id: UUID, choice: Choice, at: datetime) -> QuerySet[AuditEvent]:
    """Permitted acts of a space that this reader may know of, newest first."""
    events = events_of(space_id).filter(outcome=AuditEvent.Outcome.PERMITTED, action__in=words.ACTIONS)
    events = events.exclude(target__in=_unseen_targets(actor, space_id))
    if not actor.reads(Section.DOCUMENTS):  # a delegation without a section tells nothing of it either (SPA-55)
        events = events.exclude(target__startswith="document:").exclude(action__startswith="dmp.")
    if not actor.reads(Section.MESSAGES):
        events = events.exclude(action__startswith="mss.").exclude(action__in=_OF_MESSAGES)
    mine = Q(actor_id=str(actor.user_id))
    events = events.filter(mine) if choice.own else events.exclude(mine)
    if choice.period in _DAYS:
        events = events.filter(at__gte=at - timedelta(days=_DAYS[choice.period]))
    match choice.who:
        case Who.PROFESSIONALS:
            events = events.filter(actor_role=Role.PROFESSIONAL.value)
        case Who.RELATIVES:
            events = events.filter(actor_role__in=_RELATIVES)
        case _:
            pass
    return events


def lines_of(*, events: list[AuditEvent], actor: Actor, space_id: UUID) -> list[AccessLine]:
    """The same events in words, with two look-ups of names and one of documents whatever their number."""
    professionals = _professionals(events)
    relatives = _relatives(events)
    documents = _documents(events, actor, space_id)
    return [_line(event, professionals, relatives, documents) for event in events]


def _unseen_targets(actor: Actor, space_id: UUID) -> list[str]:
    """By one query whether there is such a document or not: the number of queries tells something too."""
    secret = Q(concealed_until__gt=actor.at) | Q(kept_from_representatives=True)
    seen = Document.objects.visible_to(actor).values("id")
    unseen = Document.objects.filter(secret, space_id=space_id).exclude(id__in=seen)
    return [f"document:{document_id}" for document_id in unseen.values_list("id", flat=True)]


def _professionals(events: list[AuditEvent]) -> Mapping[str, Professional]:
    ids = {event.actor_id for event in events if event.actor_role == Role.PROFESSIONAL.value}
    return {row.national_id: row for row in Professional.objects.filter(national_id__in=ids)} if ids else {}


def _relatives(events: list[AuditEvent]) -> Mapping[str, User]:
    ids = {event.actor_id for event in events if event.actor_role in _RELATIVES}
    return {str(row.pk): row for row in User.objects.filter(pk__in=ids).select_related("identity")} if ids else {}


def _documents(events: list[AuditEvent], actor: Actor, space_id: UUID) -> Mapping[str, Document]:
    ids = {event.target.partition(":")[2] for event in events if event.target.startswith("document:")}
    rows = Document.objects.visible_to(actor).filter(space_id=space_id, id__in=ids) if ids else Document.objects.none()
    return {f"document:{row.id}": row for row in rows}


def _line(
    event: AuditEvent,
    professionals: Mapping[str, Professional],
    relatives: Mapping[str, User],
    documents: Mapping[str, Document],
) -> AccessLine:
    professional, relative = professionals.get(event.actor_id), relatives.get(event.actor_id)
    identity = relative.identity if relative else None
    who = professional.display_name if professional else identity.display_name if identity else words.PORTAL
    label: str | Promise = (
        professional.specialty_label or professional.profession_label
        if professional
        else words.CAPACITIES[event.actor_role]
    )
    return AccessLine(
        at=event.at,
        who=str(who),
        capacity=label,
        what=words.ACTIONS[event.action],
        why=words.PURPOSES.get(event.purpose, ""),
        is_emergency=Purpose(event.purpose).is_emergency,
        reason=event.reason,
        document=documents.get(event.target),
    )
