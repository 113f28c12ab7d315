"""The one way to put work on a queue."""

from __future__ import annotations

from typing import Any

from celery import Task
from django.db import transaction


def enqueue(task: Task[..., Any], **ids: str | int) -> None:
    """Send `task` with its ids once the transaction is committed; a broker that is away does not undo the act.

    The state of the work is a row: what gets lost here is found again by the sweep of the app (REL-03).
    """
    transaction.on_commit(lambda: task.delay(**ids), robust=True)
