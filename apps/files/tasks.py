"""Celery tasks of the antivirus check, queue `scan`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from django.utils import timezone

from apps.files import jobs
from apps.files.gateways.base import scanner

logger = structlog.get_logger(__name__)


@shared_task(name="files.scan")
def scan(*, vault_id: str, file_id: str, **_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Judge one file that has just arrived."""
    jobs.scan(vault_id=UUID(vault_id), file_id=UUID(file_id), scanner=scanner(), at=timezone.now())


@shared_task(name="files.sweep")
def sweep(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Judge the files whose task was lost or whose scanner was away; one without bytes stops no other (REL-07)."""
    for vault_id, file_id in jobs.waiting(at=timezone.now()):
        try:
            jobs.scan(vault_id=vault_id, file_id=file_id, scanner=scanner(), at=timezone.now())
        except jobs.LOST_BYTES:
            logger.exception("file_not_judged")
