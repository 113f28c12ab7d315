"""Proves the trail: every line as it was sealed, every chain whole, every exported head still there (SEC-13)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.audit import heads
from apps.audit.chain import COLUMNS, FORM, START, Batch, Place, mac_of_checkpoint, mac_of_line
from apps.audit.heads import Head, Trailer
from apps.audit.keys import known_keys
from apps.audit.models import AuditCheckpoint

EXPORT_AFTER = timedelta(minutes=1)  # a checkpoint older than this stands in the files
_ROWS = 5_000
_CHAINS = f"""
    SELECT s.scope_id, s.seq, s.line_id, s.prev, s.mac, s.key_version, s.form, {COLUMNS}
    FROM audit_auditseal AS s LEFT JOIN audit_auditevent AS e ON e.scope_id = s.scope_id AND e.id = s.line_id
    ORDER BY s.scope_id, s.seq
"""  # noqa: S608  our own list of columns
_WITHOUT_SEAL = """
    SELECT e.scope_id, e.id FROM audit_auditevent AS e
    WHERE NOT EXISTS (SELECT FROM audit_auditseal AS s WHERE s.scope_id = e.scope_id AND s.line_id = e.id)
      AND NOT EXISTS (SELECT FROM audit_unsealedline AS w WHERE w.scope_id = e.scope_id AND w.line_id = e.id)
"""
_HEADS = """
    SELECT h.scope_id, h.seq, h.line_id FROM unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::bytea[])
        AS h (scope_id, seq, line_id, mac)
    LEFT JOIN audit_auditseal AS s
        ON s.scope_id = h.scope_id AND s.seq = h.seq AND s.line_id = h.line_id AND s.mac = h.mac
    WHERE s.seq IS NULL ORDER BY h.scope_id, h.seq
"""
_SEALED_AT, _LINE_AT = 7, 8  # columns of `_CHAINS`: where the line begins, its id


class Kind(StrEnum):
    """What is wrong."""

    CHANGED = "changed"  # line or seal is not what was sealed; a forged seal too
    DELETED = "deleted"  # seal without line
    GAP = "gap"  # numbers of a chain with a hole
    BROKEN = "broken"  # a seal that does not follow the one before it
    INSERTED = "inserted"  # line that nobody sealed and that does not wait for its seal
    CUT = "cut"  # a head that was exported is not there any more, or is another one
    CHECKPOINT = "checkpoint"  # a checkpoint is missing or forged, in the database or in the files
    NOT_EXPORTED = "not-exported"  # a checkpoint that never reached the files


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One finding. `line_id` names the line where there is one; `seq` is a place in a chain, or of a checkpoint."""

    kind: Kind
    scope_id: UUID | None = None
    seq: int = 0
    line_id: UUID | None = None

    def __str__(self) -> str:
        return f"{self.kind} scope={self.scope_id or '-'} seq={self.seq} line={self.line_id or '-'}"


@dataclass(slots=True, kw_only=True)
class Proof:
    """What was looked at, counted while `faults` runs."""

    lines: int = 0
    chains: int = 0
    heads: int = 0
    checkpoints: int = 0


@dataclass(slots=True)
class _Chain:
    """Where the reading of one chain stands."""

    scope_id: UUID | None = None
    seq: int = 0
    mac: bytes = START
    former_counts: bool = True  # until the secret in force has sealed a line


def faults(*, proof: Proof, at: datetime) -> Iterator[Fault]:
    """Every fault, each as soon as it is found; memory does not grow with the trail.

    One snapshot of the database for all of it; heads exported after that snapshot began are left for the next run.
    """
    exported = heads.last_number()
    is_ours = not connection.in_atomic_block  # a caller's transaction keeps its own level
    with transaction.atomic():
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield from _chains(proof)
        for scope_id, line_id in _stream("audit_lines", _WITHOUT_SEAL):
            yield Fault(kind=Kind.INSERTED, scope_id=scope_id, line_id=line_id)
        yield from _checkpoints(proof)
        yield from _files(exported, proof)
        for number in _not_exported(exported, at):
            yield Fault(kind=Kind.NOT_EXPORTED, seq=number)


def _stream(name: str, statement: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement through a cursor of the server."""
    connection.ensure_connection()
    with connection.connection.cursor(name=name) as cursor:
        cursor.itersize = _ROWS
        cursor.execute(statement)
        yield from cursor


def _chains(proof: Proof) -> Iterator[Fault]:
    chain = _Chain()
    for row in _stream("audit_chains", _CHAINS):
        scope_id, seq, line_id, prev, mac = row[0], row[1], row[2], bytes(row[3]), bytes(row[4])
        if scope_id != chain.scope_id:
            chain = _Chain(scope_id=scope_id)
            proof.chains += 1
        proof.lines += 1
        if seq != chain.seq + 1:
            yield Fault(kind=Kind.GAP, scope_id=scope_id, seq=chain.seq + 1, line_id=line_id)
        elif prev != chain.mac:
            yield Fault(kind=Kind.BROKEN, scope_id=scope_id, seq=seq, line_id=line_id)
        if row[_LINE_AT] is None:
            yield Fault(kind=Kind.DELETED, scope_id=scope_id, seq=seq, line_id=line_id)
        elif not _is_as_sealed(chain, row, prev, mac):
            yield Fault(kind=Kind.CHANGED, scope_id=scope_id, seq=seq, line_id=line_id)
        chain.seq, chain.mac = seq, mac


def _is_as_sealed(chain: _Chain, row: Sequence[Any], prev: bytes, mac: bytes) -> bool:
    """True when a key of that year fits; the former secret proves nothing behind a line of the one in force."""
    version, form = row[5], row[6]
    if form != FORM:
        return False
    place, line = Place(row[1], prev, version, form), row[_SEALED_AT:]
    in_force, *former = known_keys(version)
    if hmac.compare_digest(mac_of_line(key=in_force, place=place, line=line), mac):
        chain.former_counts = False
        return True
    return chain.former_counts and any(
        hmac.compare_digest(mac_of_line(key=key, place=place, line=line), mac) for key in former
    )


def _checkpoints(proof: Proof) -> Iterator[Fault]:
    """The chain of the checkpoints, and their totals against the seals that are there."""
    number, mac, total = 0, START, 0
    for row in AuditCheckpoint.objects.order_by("number").iterator(chunk_size=_ROWS):
        batch = _batch(row)
        sound = row.number == number + 1 and batch.prev == mac and row.total == total + row.lines
        if not sound or not _is_genuine(batch, bytes(row.mac)):
            yield Fault(kind=Kind.CHECKPOINT, seq=row.number)
        number, mac, total = row.number, bytes(row.mac), row.total
        proof.checkpoints += 1
    if total != proof.lines:
        yield Fault(kind=Kind.CUT, seq=total)


def _batch(row: AuditCheckpoint) -> Batch:
    return Batch(
        number=row.number,
        at=row.at,
        lines=row.lines,
        total=row.total,
        digest=bytes(row.digest),
        prev=bytes(row.prev),
        key_version=row.key_version,
    )


def _is_genuine(batch: Batch, mac: bytes) -> bool:
    keys = known_keys(batch.key_version)
    return any(hmac.compare_digest(mac_of_checkpoint(key=key, batch=batch), mac) for key in keys)


def _files(exported: int, proof: Proof) -> Iterator[Fault]:
    """Exported heads against the seals, exported checkpoints against those of the database."""
    number, found = 0, _until(exported)
    while some := list(islice(found, _ROWS)):
        yield from _missing_heads([one for one in some if isinstance(one, Head)], proof)
        trailers = [one for one in some if isinstance(one, Trailer)]
        held = AuditCheckpoint.objects.in_bulk([one.batch.number for one in trailers])
        for trailer in trailers:
            row = held.get(trailer.batch.number)
            genuine = trailer.batch.number == number + 1 and _is_genuine(trailer.batch, trailer.mac)
            number = trailer.batch.number
            if not genuine or row is None or bytes(row.mac) != trailer.mac:
                yield Fault(kind=Kind.CHECKPOINT, seq=number)


def _until(exported: int) -> Iterator[Head | Trailer]:
    """What the files hold, up to the section of the checkpoint `exported`."""
    if exported:
        for one in heads.read():
            yield one
            if isinstance(one, Trailer) and one.batch.number >= exported:
                return


def _missing_heads(some: list[Head], proof: Proof) -> Iterator[Fault]:
    scopes, seqs = [one.scope_id for one in some], [one.seq for one in some]
    lines, macs = [one.line_id for one in some], [one.mac for one in some]
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [scopes, seqs, lines, macs])
        for scope_id, seq, line_id in cursor.fetchall():
            yield Fault(kind=Kind.CUT, scope_id=scope_id, seq=seq, line_id=line_id)
    proof.heads += len(some)


def _not_exported(exported: int, at: datetime) -> Iterator[int]:
    late = AuditCheckpoint.objects.filter(number__gt=exported, at__lt=at - EXPORT_AFTER).order_by("number")
    yield from late.values_list("number", flat=True)[:10]
