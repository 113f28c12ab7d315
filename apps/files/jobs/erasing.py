"""Deletes the bytes of files that an operator has destroyed; the row says when that was done."""

from __future__ import annotations

from datetime import datetime

from apps.common.failpoints import reach
from apps.files.gateways import store
from apps.files.models import StoredFile


def erase_destroyed(*, at: datetime, limit: int = 200) -> int:
    """Delete what is due, oldest first; returns how many. Deleting twice is once, so it may be killed anywhere.

    Raises `StoreUnavailableError`: what is left is due at the next run.
    """
    rows = StoredFile.objects.filter(state=StoredFile.State.DESTROYED, erased_at=None)
    due = list(rows.order_by("destroyed_at", "id")[:limit])
    for file in due:
        store.delete(file.object_name)
        reach("files.erase.between_bytes_and_row")
        StoredFile.objects.filter(pk=file.pk).update(erased_at=at)
    return len(due)
