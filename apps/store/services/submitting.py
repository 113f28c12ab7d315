"""Sending a dossier: declared by somebody who may bind the publisher, hashed, then locked (STO-48, STO-10, PU-07)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.common.tasks import enqueue
from apps.store import subjects, tasks, transitions
from apps.store.models import Candidacy, Member
from apps.store.services import acting, checking, drafting, mandates, snapshots
from apps.store.services.errors import LockedError, NoMandateError
from apps.store.states import Event, Party, Status


@transaction.atomic
def submit(*, actor: Actor, candidacy_id: UUID, charter: bool, seen: int, at: datetime) -> Candidacy:
    """Send the dossier; from then on nothing of it is saved any more. The same person sending twice sends once.

    After the commit automatic checks begin and mails leave. Raises `GuardError` with what is missing,
    `NoMandateError`, `LockedError` when somebody else has sent it, `ChangedError`, `UnknownRowError`,
    `AccessDeniedError`.
    """
    member = acting.member_who_acts(actor, Member.Role.SIGNATORY)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id)
    if candidacy.status != Status.DRAFT:
        if candidacy.status == Status.SUBMITTED and candidacy.submitted_by_id == actor.user_id:
            return candidacy
        raise LockedError
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    reason = mandates.why_not(member, at=at)
    if reason:
        raise NoMandateError(reason)
    declared = snapshots.keep(candidacy, at=at)
    facts = {"charter": charter, "criteria": len(subjects.criteria_of(candidacy))}
    step = transitions.Step(
        event=Event.SUBMIT, by=Party.SIGNATORY, actor=str(member.user_id), at=at, facts=facts, snapshot_hash=declared
    )
    transitions.fire(
        candidacy, step, submitted_by_id=member.user_id, submitted_at=at, snapshot_hash=declared, touched_at=at
    )
    drafting.traced(actor=actor, candidacy=candidacy, act="candidacy.submit", at=at, hash=declared)
    checking.start_submission_checks(candidacy=candidacy, at=at)
    enqueue(tasks.send_mails)
    return candidacy
