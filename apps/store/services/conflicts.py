"""« Aucun lien » or « lien », before the first opening of a dossier and whenever one comes up (RV-03, SEC-21, S33)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import transitions
from apps.store.models import Candidacy, ConflictDeclaration
from apps.store.services import acting, cases
from apps.store.services.errors import UnknownRowError, WrongValueError
from apps.store.states import Event, Queue, Status
from apps.store.transitions import Step

LINK, NO_LINK = "link", "none"
# While it is judged, what somebody with a link has done is done anew by others; afterwards it is history.
_JUDGED = frozenset({Status.ADMISSIBILITY, Status.INCOMPLETE, Status.ASSESSMENT, Status.COMPLEMENT})


@transaction.atomic
def declare(*, actor: Actor, candidacy_id: UUID, has_link: bool, kind: str, at: datetime) -> bool:
    """Say whether one has a link to the publisher, now or in the five years before; `kind`: which one.

    A link shuts every dossier of the publisher to this person at once and gives it back to the queue, with whatever
    they had signed of it. It stays: only a link that comes up later can be added. Returns whether the dossier is open.
    Raises `UnknownRowError`, `WrongValueError` for a link without words, `AccessDeniedError`.
    """
    who = acting.reviewer_who_acts(actor)
    rows = _of_its_publisher(actor, candidacy_id)
    candidacy = next((row for row in rows if row.pk == candidacy_id), None)
    if candidacy is None or not cases.visible(actor).filter(pk=candidacy.pk).exists():
        raise UnknownRowError
    if has_link and not kind.strip():
        raise WrongValueError("kind", "missing")
    values = {"has_link": has_link, "kind": kind.strip() if has_link else "", "at": at}
    ConflictDeclaration.objects.update_or_create(candidacy=candidacy, user_id=who, defaults=values)
    if has_link:
        for row in rows:
            _give_back(row, who, at)
    cases.done(candidacy, actor=actor, act="conflict.declare", at=at, facts={"link": has_link})
    return not has_link


def _of_its_publisher(actor: Actor, candidacy_id: UUID) -> list[Candidacy]:
    """All dossiers of its publisher that the actor sees, locked in one order: two who declare wait for each other."""
    publisher = Candidacy.objects.filter(pk=candidacy_id).values("publisher")
    rows = Candidacy.objects.visible_to(actor).filter(publisher__in=publisher).select_related("publisher", "service")
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _give_back(candidacy: Candidacy, who: UUID, at: datetime) -> None:
    if candidacy.status in _JUDGED:
        candidacy.judgements.filter(by_id=who, is_current=True).update(is_current=False)
    columns = _columns(candidacy, who)
    queue = _again(candidacy, who)
    if queue is None:
        for name, value in columns.items():
            setattr(candidacy, name, value)
        candidacy.save(update_fields=list(columns))
        return
    step = Step(
        event=Event.HAND_OVER, by=cases.PARTIES[queue], actor=str(who), at=at, queue=queue,
        due_at=candidacy.due_at, reasons=tuple(candidacy.reasons), facts={"conflict": True},
    )  # fmt: skip
    transitions.hand_over(candidacy, step, **columns)


def _again(candidacy: Candidacy, who: UUID) -> Queue | None:
    """The turn that has to be taken anew by somebody else; None: the turn that runs goes on."""
    if candidacy.status == Status.ASSESSMENT and candidacy.assessor_id == who:
        return Queue.ASSESSOR
    if candidacy.queue == Queue.PRIVACY and candidacy.second_reader_id == who:
        return Queue.SECOND_READER
    return Queue(candidacy.queue) if candidacy.assignee_id == who else None


def _columns(candidacy: Candidacy, who: UUID) -> dict[str, object]:
    """Columns of the parts that this person has had, emptied."""
    if candidacy.status not in _JUDGED:
        return {}
    found: dict[str, object] = {}
    if candidacy.desk_officer_id == who:
        found["desk_officer"] = None
    if who in {candidacy.assessor_id, candidacy.second_reader_id}:
        found |= {"second_reader": None, "second_read_at": None}
    if candidacy.assessor_id == who:
        found["assessor"] = None
    if who in {candidacy.assessor_id, candidacy.privacy_reader_id}:
        found |= {"privacy_reader": None, "privacy_checked_at": None}
    return found
