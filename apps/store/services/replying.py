"""What the publisher answers to a request, line by line, and the sending of all of it (STO-52, STO-56, PU-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.tasks import enqueue
from apps.store import clocks, subjects, tasks, telling, transitions
from apps.store.models import Candidacy, CandidacyStep, Request, RequestItem, Reservation
from apps.store.services import (
    acting,
    answering,
    cases,
    checking,
    consenting,
    evidence,
    evidence_door,
    evidence_listing,
    sheets,
    snapshots,
)
from apps.store.services.errors import ChangedError, GuardError, UnknownRowError, WrongValueError
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import Step

LONGEST = 5000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Words, pieces of the dossier that prove them, perhaps a new file, perhaps the corrected answer to the criterion.

    `seen`: `mark_of` the line as the page showed it.
    """

    text: str
    seen: str
    evidence_ids: tuple[UUID, ...] = ()
    upload: evidence.Upload | None = None
    title: str = ""
    correction: answering.Entry | None = None


@transaction.atomic
def reply(*, actor: Actor, item_id: UUID, given: Reply, at: datetime) -> RequestItem:
    """Keep the answer to one line; it can be changed until everything is sent.

    Raises `UnknownRowError`, `ChangedError` when another member has answered meanwhile, `FileRefusedError`,
    `WrongValueError` (`text`, `evidence`, `criterion`; `request`: it is not open any more), `AccessDeniedError`.
    """
    acting.member_who_acts(actor)
    place = RequestItem.objects.filter(pk=item_id).values_list("request__candidacy_id", flat=True).first()
    candidacy = _locked(actor, place)
    item = RequestItem.objects.select_related("request").get(pk=item_id)
    asked = evidence_door.open_request(candidacy)
    if asked is None or asked.pk != item.request_id:
        raise WrongValueError("request", "closed")
    _require_seen(item, given)
    ids = _proofs(actor, candidacy, item.criterion, given, at)
    if given.correction is not None:
        _correct(actor, candidacy, item.criterion, given.correction, at)
    _keep(item, actor, given, ids, at)
    _traced(actor, candidacy, "request.answer", f"item:{item.id}", at, files=len(ids))
    return item


@transaction.atomic
def reply_to_reservation(*, actor: Actor, reservation_id: UUID, given: Reply, at: datetime) -> Reservation:
    """The same about a reservation of the commission; a suspensive one needs a piece of evidence (STO-63).

    Where the dossier does not wait for them nothing is sent as a whole: an assessor is told of each answer (STO-41).
    """
    acting.member_who_acts(actor)
    place = Reservation.objects.filter(pk=reservation_id).values_list("candidacy_id", flat=True).first()
    candidacy = _locked(actor, place)
    found = [row for row in evidence_door.open_reservations(candidacy) if row.pk == reservation_id]
    if not found:
        raise WrongValueError("request", "closed")
    reservation = found[0]
    _require_seen(reservation, given)
    ids = _proofs(actor, candidacy, reservation.criterion, given, at)
    if reservation.is_suspensive and not ids:
        raise WrongValueError("evidence", "missing")
    _keep(reservation, actor, given, ids, at)
    _traced(actor, candidacy, "reservation.answer", f"reservation:{reservation.id}", at, files=len(ids))
    if candidacy.status != Status.RESERVATIONS:
        _tell_assessor(candidacy, reservation, at)
    return reservation


@transaction.atomic
def send(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Candidacy:
    """Send all answers to the open request: the desk or the assessor goes on.

    After the commit: the checks run anew, mails leave. Raises `UnknownRowError`, `ChangedError`, `GuardError`
    (`answers-missing`; `evidence-not-clean`: S35; `page-incomplete`, `consent-texts-missing` where the desk has asked
    about them), `WrongValueError` (`request`; `term`: it is over, whether the sweep has passed or not),
    `AccessDeniedError`.
    """
    acting.member_who_acts(actor)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    _require_in_term(candidacy, at)
    asked = evidence_door.open_request(candidacy)
    if asked is None:
        raise WrongValueError("request", "closed")
    _require_clean(candidacy)
    _require_whole(candidacy)
    Request.objects.filter(pk=asked.pk).update(answered_by=actor.user_id, answered_at=at)
    declared = snapshots.keep(candidacy, at=at)
    step = Step(
        event=Event.ANSWER, by=Party.PUBLISHER, actor=str(actor.user_id), at=at, reasons=("answer-received",),
        facts={"round": asked.round}, snapshot_hash=declared,
    )  # fmt: skip
    transitions.fire(candidacy, step, snapshot_hash=declared, touched_at=at)
    _go_on(actor, candidacy, "request.send", at)
    return candidacy


@transaction.atomic
def send_reservations(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Candidacy:
    """Give the turn to the assessor once each suspensive reservation that is not lifted is answered (STO-63).

    Raises what `send` raises.
    """
    acting.member_who_acts(actor)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    _require_in_term(candidacy, at)
    rows = [row for row in evidence_door.open_reservations(candidacy) if row.is_suspensive]
    if not rows:
        raise WrongValueError("request", "closed")
    if any(row.answered_at is None for row in rows):
        raise GuardError(("answers-missing",))
    _require_clean(candidacy)
    step = Step(
        event=Event.HAND_OVER, by=Party.PUBLISHER, actor=str(actor.user_id), at=at,
        queue=Queue.ASSESSOR, reasons=("reservations-answered",), snapshot_hash=snapshots.keep(candidacy, at=at),
    )  # fmt: skip
    transitions.hand_over(candidacy, step)
    _go_on(actor, candidacy, "reservation.send", at)
    return candidacy


def mark_of(line: RequestItem | Reservation) -> str:
    """Of an answer: changes whenever somebody answers."""
    return line.answered_at.isoformat() if line.answered_at else ""


def _tell_assessor(candidacy: Candidacy, reservation: Reservation, at: datetime) -> None:
    people = (
        [candidacy.assessor_id]
        if candidacy.assessor_id is not None
        else cases.staff_without_link(StaffRole.ASSESSOR, candidacy=candidacy, at=at)
    )
    facts = telling.facts_of(candidacy) | {"due_at": ""}  # that of the dossier is somebody else's
    telling.write(
        user_ids=people, template="review_turn", key=f"reservation:{reservation.pk}:{mark_of(reservation)}",
        facts=facts, at=at,
    )  # fmt: skip
    enqueue(tasks.send_mails)


def _locked(actor: Actor, candidacy_id: UUID | None) -> Candidacy:
    if candidacy_id is None:
        raise UnknownRowError
    return acting.locked(actor, candidacy_id=candidacy_id)


def _require_seen(line: RequestItem | Reservation, given: Reply) -> None:
    if mark_of(line) != given.seen and line.answered_at is not None:
        raise ChangedError(event="reply", actor=str(line.answered_by_id), at=line.answered_at)


def _require_in_term(candidacy: Candidacy, at: datetime) -> None:
    if candidacy.queue == Queue.PUBLISHER and candidacy.due_at is not None and clocks.is_over(candidacy.due_at, at=at):
        raise WrongValueError("term", "over")


def _require_clean(candidacy: Candidacy) -> None:
    """A file that is infected, or that nobody could check, keeps the dossier where it is (S35)."""
    if evidence_listing.not_clean(candidacy):
        raise GuardError(("evidence-not-clean",))


def _require_whole(candidacy: Candidacy) -> None:
    """What the desk has opened for corrections is as complete as it had to be when it was sent (STO-48)."""
    if evidence_door.asks_for(candidacy, item=sheets.ITEM) and subjects.missing_on_page(candidacy):
        raise GuardError(("page-incomplete",))
    if evidence_door.asks_for(candidacy, item=consenting.ITEM) and subjects.lacks_texts(candidacy):
        raise GuardError(("consent-texts-missing",))


def _proofs(actor: Actor, candidacy: Candidacy, criterion: str, given: Reply, at: datetime) -> list[UUID]:
    """Ids of the pieces of an answer, a new one included. Raises `WrongValueError`, `FileRefusedError`."""
    if not given.text.strip() or len(given.text) > LONGEST:
        raise WrongValueError("text", "length")
    known = set(subjects.current_evidence(candidacy).values_list("pk", flat=True))
    if not set(given.evidence_ids) <= known:
        raise WrongValueError("evidence", "unknown")
    ids = list(dict.fromkeys(given.evidence_ids))
    if given.upload is not None:
        applies = {one.code for one in subjects.criteria_of(candidacy)}
        about = evidence.Description(
            title=given.title or given.upload.name, criteria=(criterion,) if criterion in applies else ()
        )
        new = evidence.add(actor=actor, candidacy_id=candidacy.pk, upload=given.upload, description=about, at=at)
        ids.append(new.pk)
    return ids


def _correct(actor: Actor, candidacy: Candidacy, criterion: str, entry: answering.Entry, at: datetime) -> None:
    """Only the criterion that was asked about is answered anew (PU-09)."""
    if not criterion or entry.criterion != criterion:
        raise WrongValueError("criterion", entry.criterion)
    saved = answering.write(actor=actor, candidacy=candidacy, entries=[entry], at=at)
    for clash in saved.clashes:
        raise ChangedError(event="save", actor=str(clash.theirs.declared_by_id), at=clash.theirs.declared_at)


def _keep(line: RequestItem | Reservation, actor: Actor, given: Reply, ids: list[UUID], at: datetime) -> None:
    line.answer, line.evidence_ids = given.text.strip(), ids
    line.answered_by_id, line.answered_at = actor.user_id, at
    line.save(update_fields=["answer", "evidence_ids", "answered_by", "answered_at"])


def _go_on(actor: Actor, candidacy: Candidacy, act: str, at: datetime) -> None:
    checking.start_checks(candidacy=candidacy, cause=CandidacyStep.Cause.CHANGE, at=at)
    _traced(actor, candidacy, act, f"candidacy:{candidacy.id}", at)
    enqueue(tasks.send_mails)


def _traced(actor: Actor, candidacy: Candidacy, act: str, target: str, at: datetime, **facts: int) -> None:
    acting.trace(actor=actor, act=act, publisher_id=candidacy.publisher_id, target=target, at=at, facts=facts)
