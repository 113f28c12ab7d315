"""Celery tasks of the antivirus check, queue `scan`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.files import jobs
from apps.files.gateways.base import scanner
from apps.files.jobs import erasing, rotation


@shared_task(name="files.scan")
def scan(*, vault_id: str, file_id: str, **_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Judge one file that has just arrived."""
    jobs.scan(vault_id=UUID(vault_id), file_id=UUID(file_id), scanner=scanner(), at=timezone.now())


@shared_task(name="files.rotate")
def rotate(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Carry on with the rotation of the master key, when there is one, for less than the time of a task."""
    rotation.rotate(clock=timezone.now, seconds=150)


@shared_task(name="files.sweep")
def sweep(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Judge the files whose task was lost or whose last try had no verdict (REL-03, REL-07)."""
    jobs.sweep(scanner=scanner(), clock=timezone.now, seconds=150)


@shared_task(name="files.erase")
def erase(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Delete the bytes of destroyed files."""
    erasing.erase_destroyed(at=timezone.now())
