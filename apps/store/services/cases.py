"""Opening a dossier in the back office: whose it is, who has declared no link, who may speak (RV-02, RV-03, L11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.audit.services import Fact, Line, record
from apps.common.dates import PARIS
from apps.common.tasks import enqueue
from apps.store import policies, seats, tasks, telling
from apps.store.models import AgendaItem, Agreement, Candidacy, ConflictDeclaration, Message
from apps.store.querysets import CandidacyQuerySet
from apps.store.services import acting, apart
from apps.store.services.errors import ConflictOfInterestError, UnknownRowError
from apps.store.states import Party, Queue, Status
from apps.store.telling import ROLES

_PEOPLE = ("assignee", "desk_officer", "assessor", "second_reader", "privacy_reader")
# By whose hand the members of each queue act.
PARTIES = {
    Queue.DESK: Party.DESK,
    Queue.ASSESSOR: Party.ASSESSOR,
    Queue.SECOND_READER: Party.ASSESSOR,
    Queue.PRIVACY: Party.ASSESSOR,
    Queue.SECRETARIAT: Party.SECRETARIAT,
    Queue.DELEGATE: Party.DELEGATE,
    Queue.CONFIRMER: Party.DELEGATE,
    Queue.APPEALS: Party.APPEALS,
}


class NotAssignedError(Exception):
    """Only the person to whom the dossier is assigned in this turn acts on it and speaks about it (L11)."""


def queues_of(roles: Collection[str]) -> tuple[Queue, ...]:
    """Queues that wait for somebody with one of these roles."""
    return tuple(queue for queue, role in ROLES.items() if role in roles)


def case_for(*, actor: Actor, candidacy_id: UUID) -> Candidacy:
    """One dossier to be shown, with its people, and with what its pages ask: `is_declared` (the reader has said that
    they have no link to it), `news` (messages of the publisher not read), `has_agreement`, `is_apart` (another part in
    it keeps the reader out of the turn that runs).

    A member of the commission sees what stands on an agenda. Raises `UnknownRowError`, `AccessDeniedError`.
    """
    who = acting.reviewer_who_acts(actor)
    declared = ConflictDeclaration.objects.filter(candidacy=OuterRef("pk"), user=who, has_link=False)
    unread = Message.objects.filter(candidacy=OuterRef("pk"), side=Message.Side.PUBLISHER, read_at=None)
    news = Coalesce(Subquery(unread.order_by().values("candidacy").annotate(number=Count("pk")).values("number")), 0)
    rows = visible(actor).select_related("publisher", "service", "copied_from", *_people())
    agreed = Exists(Agreement.objects.filter(candidacy=OuterRef("pk"), superseded_at=None))
    is_apart = Exists(Candidacy.objects.filter(apart.dossiers_not_for(who), pk=OuterRef("pk")))
    rows = rows.annotate(is_declared=Exists(declared), news=news, has_agreement=agreed, is_apart=is_apart)
    found = rows.filter(pk=candidacy_id).first()
    if found is None:
        raise UnknownRowError
    return found


def visible(actor: Actor) -> CandidacyQuerySet:
    """Dossiers that exist for this member of the back office."""
    rows = Candidacy.objects.visible_to(actor)
    if actor.staff_roles <= {StaffRole.MEMBER}:
        return rows.filter(Exists(AgendaItem.objects.filter(candidacy=OuterRef("pk"))))
    return rows


def note_refusal(*, actor: Actor, candidacy_id: UUID, at: datetime) -> None:
    """A line of the trail where a link to the publisher keeps somebody out of a dossier (S33); nothing otherwise."""
    # What is merely on no agenda is hidden from members of the commission as well, and is no conflict.
    open_to = Candidacy.objects.visible_to(actor).values("pk")
    shut = Candidacy.objects.filter(pk=candidacy_id).exclude(submitted_at=None).exclude(pk__in=open_to)
    publisher_id = shut.values_list("publisher_id", flat=True).first()
    if publisher_id is not None:
        target = f"candidacy:{candidacy_id}"
        decision = policies.LINKED
        line = Line(action="store.case.read", target=target, scope_id=publisher_id, decision=decision)
        record(actor=actor, at=at, line=line)


def case_to_act_on(
    *, actor: Actor, candidacy_id: UUID, queue: Queue, status: Status | None = None, seen: int | None = None
) -> tuple[UUID, Candidacy]:
    """Who acts, and the dossier with its row locked, when it is their turn and the dossier is assigned to them.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `NotAssignedError`.
    """
    who = acting.reviewer_who_acts(actor, ROLES[queue])
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    require_declared(candidacy, user_id=who)
    is_turn = candidacy.queue == queue and status in {None, candidacy.status}
    if not is_turn or candidacy.assignee_id != who:
        raise NotAssignedError
    return who, candidacy


def require_declared(candidacy: Candidacy, *, user_id: UUID) -> None:
    """Nobody acts on a dossier before saying that they have no link to it. Raises `ConflictOfInterestError`."""
    if not has_declared(candidacy, user_id=user_id):
        raise ConflictOfInterestError


def has_declared(candidacy: Candidacy, *, user_id: UUID) -> bool:
    """Whether this person has said that they have no link to the dossier."""
    return candidacy.conflicts.filter(user_id=user_id, has_link=False).exists()


def speakers_of(candidacy: Candidacy) -> frozenset[UUID]:
    """Who speaks officially about a dossier: whoever it is assigned to, desk officer and assessor of their part."""
    found = {candidacy.assignee_id} if candidacy.queue != Queue.PUBLISHER else set()
    if candidacy.status in {Status.ADMISSIBILITY, Status.INCOMPLETE}:
        found.add(candidacy.desk_officer_id)
    if candidacy.status in {Status.ASSESSMENT, Status.COMPLEMENT, Status.RESERVATIONS}:
        found.add(candidacy.assessor_id)
    return frozenset(user_id for user_id in found if user_id is not None)


def staff_without_link(role: StaffRole, *, candidacy: Candidacy, at: datetime) -> list[UUID]:
    """Who holds the role and may be told of this dossier: a link to its publisher keeps its name from them (STO-18)."""
    people = telling.staff_of(role, at=at)
    linked = seats.linked([candidacy], user_ids=people, day=at.astimezone(PARIS).date())
    return [user_id for user_id in people if (user_id, candidacy.pk) not in linked]


def done(
    candidacy: Candidacy, *, actor: Actor, act: str, at: datetime, facts: Mapping[str, Fact] | None = None
) -> None:
    """End of an act on a dossier: its line of the trail; mails that it wrote leave after the commit."""
    target = f"candidacy:{candidacy.id}"
    acting.trace(actor=actor, act=act, publisher_id=candidacy.publisher_id, target=target, at=at, facts=facts)
    enqueue(tasks.send_mails)


def _people() -> tuple[str, ...]:
    return tuple(f"{name}__identity" for name in _PEOPLE)
