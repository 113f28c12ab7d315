"""The sealer: gives each line its place in the chain of its scope, after the fact and in batches (SEC-13)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.audit import heads
from apps.audit.chain import COLUMNS, FORM, START, Batch, Place, head_line, mac_of_checkpoint, mac_of_line
from apps.audit.keys import sealing_key
from apps.audit.models import AuditCheckpoint
from apps.common.copying import copying
from apps.common.failpoints import reach
from apps.common.locks import LockTakenError, advisory_lock

LOCK = 0x656E7303  # one sealer at a time; a number that nothing else in this database uses
BATCH = 20_000
_TAKE = f"""
    WITH taken AS (
        DELETE FROM audit_unsealedline WHERE id IN (SELECT id FROM audit_unsealedline ORDER BY id LIMIT %s)
        RETURNING id, scope_id, line_id
    ), wanted AS (
        SELECT scope_id, line_id, min(id) AS place FROM taken AS t
        WHERE NOT EXISTS (SELECT FROM audit_auditseal AS s WHERE s.scope_id = t.scope_id AND s.line_id = t.line_id)
        GROUP BY scope_id, line_id
    )
    SELECT {COLUMNS}, (SELECT count(*) FROM taken)
    FROM wanted JOIN audit_auditevent AS e ON e.scope_id = wanted.scope_id AND e.id = wanted.line_id
    ORDER BY e.scope_id, wanted.place
"""  # noqa: S608  our own list of columns
_LAST = """
    SELECT wanted.scope_id, head.seq, head.mac FROM unnest(%s::uuid[]) AS wanted (scope_id)
    CROSS JOIN LATERAL (
        SELECT seq, mac FROM audit_auditseal AS s WHERE s.scope_id = wanted.scope_id ORDER BY seq DESC LIMIT 1
    ) AS head
"""
_COPY = """
    COPY audit_auditseal (scope_id, seq, line_id, prev, mac, key_version, form, checkpoint)
    FROM STDIN (FORMAT binary)
"""
_TYPES = ("uuid", "int8", "uuid", "bytea", "bytea", "int2", "int2", "int8")

Row = tuple[UUID, int, UUID, bytes, bytes, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """What a run did. `busy`: somebody else is sealing; `more`: the run ended before the queue did."""

    lines: int = 0
    busy: bool = False
    more: bool = False


def seal(*, at: datetime, batch: int = BATCH, batches: int = 100) -> Sealing:
    """Seal what waits, `batch` lines a transaction, at most `batches` of them; then export the heads they left.

    Killed at any moment it leaves whole batches: a line is sealed once or waits. Raises `OSError` and
    `heads.HeadsAheadError` when the heads cannot be exported, after the sealing.
    """
    try:
        with advisory_lock(LOCK, wait=False):
            lines, more = 0, True
            while more and batches > 0:
                sealed, more = _seal_batch(at, batch)
                lines, batches = lines + sealed, batches - 1
            reach("audit.seal.before_export")
            heads.export()
            return Sealing(lines=lines, more=more)
    except LockTakenError:
        return Sealing(busy=True)


@transaction.atomic
def _seal_batch(at: datetime, size: int) -> tuple[int, bool]:
    """Number of lines, and whether more may wait."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [size])
        lines = cursor.fetchall()
        if not lines:
            cursor.execute("SELECT EXISTS (SELECT FROM audit_unsealedline)")
            return 0, bool(cursor.fetchone()[0])
        before = AuditCheckpoint.objects.order_by("-number").first()
        number = 1 if before is None else before.number + 1
        rows = _rows(lines, _last_places(lines), version=at.year, checkpoint=number)
    with copying(_COPY) as copy:
        copy.set_types(_TYPES)
        for row in rows:
            copy.write_row(row)
    _close(rows, before, at)
    reach("audit.seal.before_commit")
    return len(lines), lines[0][-1] == size


def _last_places(lines: Sequence[Sequence[Any]]) -> dict[UUID, tuple[int, bytes]]:
    """The number and the MAC that each chain of these lines ended with."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [list({line[0] for line in lines})])
        return {scope_id: (seq, bytes(mac)) for scope_id, seq, mac in cursor.fetchall()}


def _rows(
    lines: Sequence[Sequence[Any]], ends: dict[UUID, tuple[int, bytes]], *, version: int, checkpoint: int
) -> list[Row]:
    key = sealing_key(version)
    rows: list[Row] = []
    for line in lines:
        scope_id, line_id = line[0], line[1]
        seq, prev = ends.get(scope_id, (0, START))
        mac = mac_of_line(key=key, place=Place(seq + 1, prev, version), line=line[:-1])
        ends[scope_id] = (seq + 1, mac)
        rows.append((scope_id, seq + 1, line_id, prev, mac, version, FORM, checkpoint))
    return rows


def _close(rows: Sequence[Row], before: AuditCheckpoint | None, at: datetime) -> None:
    """Write the checkpoint of a batch: rows come by scope, so the last one of each is its new head."""
    last = {row[0]: row for row in rows}
    text = "".join(head_line(scope_id, row[1], row[2], row[4]) for scope_id, row in last.items())
    batch = Batch(
        number=rows[0][-1],
        at=at,
        lines=len(rows),
        total=len(rows) + (0 if before is None else before.total),
        digest=hashlib.sha256(text.encode()).digest(),
        prev=START if before is None else bytes(before.mac),
        key_version=at.year,
    )
    AuditCheckpoint.objects.create(
        number=batch.number,
        at=at,
        lines=batch.lines,
        total=batch.total,
        digest=batch.digest,
        prev=batch.prev,
        mac=mac_of_checkpoint(key=sealing_key(at.year), batch=batch),
        key_version=at.year,
    )
