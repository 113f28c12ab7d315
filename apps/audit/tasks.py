"""Celery task of the sealer."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.audit import jobs


@shared_task(name="audit.seal")
def seal(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Seal the lines that wait; the next beat goes on where this one stops."""
    jobs.seal(at=timezone.now())
