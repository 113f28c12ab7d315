"""Celery tasks of the store: checks on queue `review`, mails on queue `mail`."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.common.tasks import enqueue
from apps.notifications.gateways.smtp import KeptSmtpRelay
from apps.store.jobs import (
    advancing,
    evidence_dates,
    evidence_looking,
    mailing,
    papers,
    picturing,
    surveying,
    sweeping,
    weekly,
)
from apps.store.jobs.rows import apart
from apps.store.jobs.tools import make_tools


@shared_task(name="store.advance")
def advance(*, candidacy_id: str, **_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Carry one dossier on, for less than the time of a task, then let the next task go on."""
    if advancing.advance(candidacy_id=UUID(candidacy_id), tools=make_tools(), clock=timezone.now):
        enqueue(advance, candidacy_id=candidacy_id)


@shared_task(name="store.sweep_steps")
def sweep_steps(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Find what the queue forgot or a worker left behind (S36)."""
    for candidacy_id in advancing.lost_and_due(at=timezone.now()):
        enqueue(advance, candidacy_id=str(candidacy_id))


@shared_task(name="store.sweep")
def sweep(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Terms that are over, reminders (STO-81); what stops one of the three stops none of the others."""
    for job in (sweeping.sweep, surveying.survey, papers.send_due_papers):
        apart(partial(job, at=timezone.now()), step="store.sweep")


@shared_task(name="store.plan_weekly")
def plan_weekly(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Weekly checks of the services whose morning has come."""
    for candidacy_id in weekly.plan_weekly(at=timezone.now()):
        enqueue(advance, candidacy_id=str(candidacy_id))


@shared_task(name="store.send_mails")
def send_mails(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Mails that are due, and tries that never ended."""
    with KeptSmtpRelay() as relay:
        mailing.send_due(relay=relay, at=timezone.now())


@shared_task(name="store.warn_of_dates")
def warn_of_dates(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Pieces of evidence that end soon (STO-30), every night."""
    evidence_dates.warn(at=timezone.now())


@shared_task(name="store.look_for_secrets")
def look_for_secrets(*, evidence_id: str, **_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Keys and passwords in one piece of evidence (L15)."""
    evidence_looking.look_for_secrets(evidence_id=UUID(evidence_id), at=timezone.now())


@shared_task(name="store.sweep_evidence")
def sweep_evidence(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Queue again what was lost."""
    for evidence_id in evidence_looking.waiting():
        enqueue(look_for_secrets, evidence_id=str(evidence_id))


@shared_task(name="store.make_pictures")
def make_pictures(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Pictures of pages that were published (STO-84)."""
    picturing.make_due(clock=timezone.now)


def look_when_clean(*, vault_id: UUID, file_id: UUID) -> None:
    """The antivirus has found a piece of evidence clean (`apps.files.followers`)."""
    if evidence_id := evidence_looking.waiting_for(vault_id=vault_id, file_id=file_id):
        enqueue(look_for_secrets, evidence_id=str(evidence_id))
