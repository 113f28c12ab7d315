"""Celery tasks over several domains, queue `default`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.common.tasks import enqueue
from apps.journeys.jobs import requests


@shared_task(name="journeys.apply_request")
def apply_request(*, attachment_id: str, **_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Carry out one request of an author."""
    requests.apply_request(attachment_id=UUID(attachment_id), at=timezone.now())


@shared_task(name="journeys.apply_requests")
def apply_requests(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Find again what was told and lost."""
    for attachment_id in requests.due():
        enqueue(apply_request, attachment_id=str(attachment_id))


def request_came(*, space_id: UUID, attachment_id: UUID) -> None:  # noqa: ARG001  the same shape for all followers
    """A message asks for a change of a document (`apps.mss.events`); once its file is judged it is carried out."""
    enqueue(apply_request, attachment_id=str(attachment_id))


def request_clean(*, vault_id: UUID, file_id: UUID) -> None:
    """The antivirus has judged a file that may be a request (`apps.files.followers`)."""
    for attachment_id in requests.waiting_for(vault_id=vault_id, file_id=file_id):
        enqueue(apply_request, attachment_id=str(attachment_id))
