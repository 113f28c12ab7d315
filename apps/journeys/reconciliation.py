"""Readings counted at the files' door against the lines that tell them, space by space (SEC-13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from apps.audit.services import content_readings
from apps.files.models import StoredFile, Vault

_OWNERS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A space whose contents left `read` times, with `lines` in the trail. More lines than readings are no alarm:
    the files of some of them may have been erased since."""

    space_id: UUID
    read: int
    lines: int

    @property
    def missing(self) -> int:
        return self.read - self.lines


def unexplained_readings() -> Iterator[Difference]:
    """Spaces from which content left without a line; one is too many. One snapshot, flat memory."""
    is_ours = not connection.in_atomic_block  # a caller's transaction keeps its own level
    with transaction.atomic():
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        counted = _readings()
        while some := dict(islice(counted, _OWNERS)):
            lines = content_readings(some)
            for space_id, read in some.items():
                found = Difference(space_id=space_id, read=read, lines=lines.get(space_id, 0))
                if found.missing > 0:
                    yield found


def _readings() -> Iterator[tuple[UUID, int]]:
    """Owner and number of readings of each vault of a space that was read from."""
    rows = StoredFile.objects.filter(read_count__gt=0, vault__owner_kind=Vault.Owner.SPACE)
    sums = rows.values_list("vault__owner_id").annotate(read=Sum("read_count")).order_by("vault__owner_id")
    return iter(sums.iterator(chunk_size=_OWNERS))
