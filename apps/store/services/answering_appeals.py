"""Answers to appeals, by somebody who did not take the decision (STO-45, STO-68, STO-69)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.tasks import enqueue
from apps.files import services as files
from apps.files.models import StoredFile
from apps.store import tasks, transitions
from apps.store.letters import appeals as letters
from apps.store.models import Appeal, Candidacy
from apps.store.services import acting, noticing, turns
from apps.store.services.errors import SamePersonError, UnknownRowError, WrongValueError
from apps.store.services.evidence_reading import readable
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import Step

TO_ANSWER = (Status.APPEAL, Queue.APPEALS)
Outcome = Appeal.Outcome


@transaction.atomic
def answer(*, actor: Actor, candidacy_id: UUID, outcome: str, reasons: str, seen: int, at: datetime) -> Appeal:
    """Uphold the decision: the dossier goes back to the state that was appealed. Or overturn it: it is assessed anew,
    with a new second reading and a new data-protection check. The answer is kept as PDF for the publisher.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `NotAssignedError`,
    `SamePersonError` for whoever decided, confirmed, assessed or read the dossier, `TransitionRefusedError`,
    `WrongValueError` (`outcome`, `reasons`), `StoreUnavailableError`.
    """
    who, candidacy = turns.take_turn(
        actor, candidacy_id=candidacy_id, role=StaffRole.APPEALS, stay=TO_ANSWER, seen=seen
    )
    turns.require_not_judge(candidacy, user_id=who)
    appeal = open_appeal(candidacy)
    if appeal is None:
        raise UnknownRowError
    _require_other(appeal, who)
    if outcome not in {Outcome.UPHELD, Outcome.OVERTURNED}:
        raise WrongValueError("outcome", "unknown")
    reasons = acting.needed(reasons, field="reasons")
    appeal.handled_by_id, appeal.outcome, appeal.reasons, appeal.closed_at = who, outcome, reasons, at
    _keep_answer(appeal, at)
    _move(candidacy, appeal, who, at)
    acting.trace(
        actor=actor, act="appeal.answer", publisher_id=candidacy.publisher_id, target=f"appeal:{appeal.pk}", at=at,
        facts={"outcome": outcome},
    )  # fmt: skip
    enqueue(tasks.send_mails)
    return appeal


def open_appeal(candidacy: Candidacy) -> Appeal | None:
    """The appeal that waits for an answer, with its decision."""
    found = Appeal.objects.select_related("decision").filter(candidacy=candidacy, closed_at=None).first()
    if found is not None:
        found.candidacy = candidacy
    return found


def waiting(actor: Actor) -> QuerySet[Candidacy]:
    """Dossiers with an open appeal that this person may read, soonest due first."""
    rows = Candidacy.objects.visible_to(actor).waiting_for(Queue.APPEALS)
    return rows.select_related("service", "publisher").soonest_first()


def open_answer(*, actor: Actor, candidacy_id: UUID, appeal_id: UUID, at: datetime) -> bytes:
    """The answer to an appeal, for the publisher and for the back office; each opening is traced.

    Raises `UnknownRowError`, `FileGoneError`, `FileNotReadableError`, `StoreUnavailableError`.
    """
    rows = Appeal.objects.select_related("candidacy").filter(candidacy__in=readable(actor), candidacy=candidacy_id)
    appeal = rows.filter(pk=appeal_id, file_id__isnull=False).first()
    if appeal is None:
        raise UnknownRowError
    stored = StoredFile.objects.select_related("vault").filter(pk=(appeal.vault_id, appeal.file_id)).first()
    if stored is None:
        raise files.FileGoneError(appeal.file_id)
    data = files.read(stored)
    publisher_id = appeal.candidacy.publisher_id
    acting.trace(actor=actor, act="appeal.read", publisher_id=publisher_id, target=f"appeal:{appeal.pk}", at=at)
    return data


def _require_other(appeal: Appeal, who: UUID) -> None:
    decision = appeal.decision
    deciders = {appeal.decided_by_id, appeal.confirmed_by_id}
    if decision is not None:
        deciders |= {decision.decided_by_id, decision.confirmed_by_id}
    if who in deciders:
        raise SamePersonError("decided_by")


def _keep_answer(appeal: Appeal, at: datetime) -> None:
    data = letters.answer_pdf(appeal, at=at)
    file = noticing.keep(publisher_id=appeal.candidacy.publisher_id, data=data, at=at)
    appeal.vault_id, appeal.file_id, appeal.sha256 = file.vault_id, file.id, hashlib.sha256(data).hexdigest()
    appeal.save(update_fields=["handled_by", "outcome", "reasons", "closed_at", "vault_id", "file_id", "sha256"])


def _move(candidacy: Candidacy, appeal: Appeal, who: UUID, at: datetime) -> None:
    facts = {"appeal": str(appeal.pk)}
    if appeal.outcome == Outcome.UPHELD:
        step = Step(event=Event.UPHOLD, by=Party.APPEALS, actor=str(who), at=at, facts=facts)
        transitions.fire(candidacy, step)
        return
    step = Step(
        event=Event.OVERTURN, by=Party.APPEALS, actor=str(who), at=at, facts=facts, reasons=("appeal-overturned",)
    )
    transitions.fire(candidacy, step, second_read_at=None, privacy_checked_at=None)
