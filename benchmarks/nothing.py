"""A task that does nothing: what Celery itself costs."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="benchmarks.nothing", queue="review")
def nothing() -> None:
    """Nothing."""
