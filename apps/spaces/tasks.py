"""Celery tasks of spaces."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.spaces import ended_rights, jobs


@shared_task(name="spaces.tell_ended")
def tell_ended(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Tell both sides of rights that the clock has ended, and parents of a majority that is near."""
    ended_rights.tell_ended(at=timezone.now())
    ended_rights.tell_of_majority(at=timezone.now())


@shared_task(name="spaces.close_dead")
def close_dead(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Close the spaces of people whose death came to be known (SPA-36)."""
    jobs.close_dead(at=timezone.now())
