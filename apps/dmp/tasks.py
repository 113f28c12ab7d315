"""Celery tasks of documents, queue `scan`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.common.tasks import enqueue
from apps.dmp.jobs import announcing, indexing, preparing


@shared_task(name="dmp.prepare")
def prepare(*, space_id: str, rendition_id: str, **_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Prepare one file for showing; a long one goes on in a task of its own."""
    before = timezone.now()
    state = preparing.prepare(space_id=UUID(space_id), rendition_id=UUID(rendition_id), clock=timezone.now)
    if state == "waiting" and (timezone.now() - before).total_seconds() >= preparing.SECONDS:
        enqueue(prepare, space_id=space_id, rendition_id=rendition_id)
    for document_id in indexing.waiting_behind(space_id=UUID(space_id), rendition_id=UUID(rendition_id)):
        enqueue(index, space_id=space_id, document_id=str(document_id))


@shared_task(name="dmp.index")
def index(*, space_id: str, document_id: str, **_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Make what a search inside one document looks in."""
    indexing.index(space_id=UUID(space_id), document_id=UUID(document_id), clock=timezone.now)


@shared_task(name="dmp.sweep")
def sweep(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Queue again what was lost."""
    for space_id, rendition_id in preparing.due(at=timezone.now()):
        enqueue(prepare, space_id=str(space_id), rendition_id=str(rendition_id))
    for space_id, document_id in indexing.due(at=timezone.now()):
        enqueue(index, space_id=str(space_id), document_id=str(document_id))


@shared_task(name="dmp.announce_due")
def announce_due(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Say the steps of announcement consultations whose hour has come."""
    announcing.announce_due(at=timezone.now())


def prepare_clean(*, vault_id: UUID, file_id: UUID) -> None:
    """The antivirus has found a document clean: its files can be prepared, its words found (`apps.files.followers`)."""
    for space_id, rendition_id in preparing.waiting_for(vault_id=vault_id, file_id=file_id):
        enqueue(prepare, space_id=str(space_id), rendition_id=str(rendition_id))
    for space_id, document_id in indexing.waiting_for(vault_id=vault_id, file_id=file_id):
        enqueue(index, space_id=str(space_id), document_id=str(document_id))
