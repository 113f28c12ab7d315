"""What holds of stored files at every moment (REL-12, REL-13, REL-23)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from apps.common.invariants import register
from apps.files.models import StoredFile

ORPHAN_AFTER = timedelta(hours=24)  # bytes are written before their row; a rollback leaves them alone
WAITING_AT_MOST = timedelta(hours=24)
_FOLDERS = [f"{number:02x}" for number in range(256)]  # first part of `object_name`


@register("files.rows_without_bytes")
def rows_without_bytes(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Files whose content is not in the storage, those of destroyed vaults apart."""
    return sum(1 for folder in _FOLDERS for _ in _known(folder) - _stored(folder))


@register("files.bytes_without_row_for_a_day")
def bytes_without_row_for_a_day(*, at: datetime) -> int:
    """Contents that no row names, older than twenty-four hours."""
    return sum(1 for name in _orphans() if default_storage.get_modified_time(name) < at - ORPHAN_AFTER)


@register("files.waiting_for_a_day")
def waiting_for_a_day(*, at: datetime) -> int:
    """Files that the antivirus has not judged for a day."""
    return StoredFile.objects.filter(state=StoredFile.State.WAITING, received_at__lt=at - WAITING_AT_MOST).count()


def _orphans() -> Iterator[str]:
    for folder in _FOLDERS:
        stored = _stored(folder)
        rows = StoredFile.objects.filter(object_name__startswith=f"{folder}/")
        yield from stored - set(rows.order_by().values_list("object_name", flat=True))


def _known(folder: str) -> set[str]:
    """Read before the storage is listed: bytes are there before their row is."""
    rows = StoredFile.objects.filter(
        object_name__startswith=f"{folder}/", vault__key_destroyed_at=None, destroyed_at=None
    )
    return set(rows.order_by().values_list("object_name", flat=True))


def _stored(folder: str) -> set[str]:
    try:
        return {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    except FileNotFoundError:
        return set()
