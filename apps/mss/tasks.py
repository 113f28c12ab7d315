"""Celery tasks of the mailbox, queue `default`."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.mss.jobs import filing


@shared_task(name="mss.file_arrivals")
def file_arrivals(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """File what the door has taken and what failed before; several at once share the work."""
    filing.file_arrivals(at=timezone.now())
