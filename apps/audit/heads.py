"""Heads of the chains outside the database: who may change rows cannot change these files (SEC-13).

One section a checkpoint: the new head of each chain that grew, then a line `= number at lines total prev mac key`,
whose MAC covers the section. Ten thousand sections a file; a section cut off by a kill is written again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import connection

from apps.audit.chain import Batch, head_line
from apps.audit.models import AuditCheckpoint

_SECTIONS = 10_000
_BLOCK = 1 << 16
_MARK = b"= "
_HEADS = """
    SELECT DISTINCT ON (scope_id) scope_id, seq, line_id, mac FROM audit_auditseal WHERE checkpoint = %s
    ORDER BY scope_id, seq DESC
"""


class UnreadableHeadsError(Exception):
    """A file of heads holds something that no sealer wrote."""


class HeadsAheadError(Exception):
    """The files end with a checkpoint that the database does not have: a restored backup, or a cut."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of one chain at one checkpoint."""

    scope_id: UUID
    seq: int
    line_id: UUID
    mac: bytes


@dataclass(frozen=True, slots=True)
class _End:
    """Length of the complete sections of a file; number and MAC of the last one, 0 without any."""

    length: int = 0
    number: int = 0
    mac: bytes = b""


@dataclass(frozen=True, slots=True)
class Trailer:
    """End of a section: the checkpoint as it was exported, and the digest of the heads that really stand there."""

    batch: Batch
    mac: bytes


def folder() -> Path:
    """Where the files are, from `AUDIT_HEADS_DIR`."""
    return Path(settings.AUDIT_HEADS_DIR)


def last_number() -> int:
    """Number of the last complete section; 0 before the first."""
    return next((number for path in reversed(_files()) if (number := _end(path).number)), 0)


def export() -> int:
    """Write the sections that are not there yet, those of killed runs included; only the sealer may, under its lock.

    Returns the number of sections. Raises `HeadsAheadError`, `OSError`.
    """
    end = _trim()
    last = end.number
    if last and not AuditCheckpoint.objects.filter(number=last, mac=end.mac).exists():
        raise HeadsAheadError(last)
    if AuditCheckpoint.objects.filter(number__gt=last).exists():
        folder().mkdir(parents=True, exist_ok=True)
    written = 0
    for checkpoint in AuditCheckpoint.objects.filter(number__gt=last).order_by("number").iterator(chunk_size=100):
        with (folder() / f"heads-{checkpoint.number // _SECTIONS:08d}.txt").open("ab") as file:
            for row in section(checkpoint.number):
                file.write(row.encode())
            file.write(_trailer(checkpoint).encode())
            file.flush()
            os.fsync(file.fileno())
        written += 1
    return written


def section(number: int) -> Iterator[str]:
    """Lines of the heads that checkpoint `number` left."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [number])
        while rows := cursor.fetchmany(5000):
            for scope_id, seq, line_id, mac in rows:
                yield head_line(scope_id, seq, line_id, bytes(mac))


def read() -> Iterator[Head | Trailer]:
    """Everything that was exported, in order, but a section that a kill cut off. Raises `UnreadableHeadsError`."""
    for path in _files():
        try:
            yield from _read(path)
        except ValueError as error:
            raise UnreadableHeadsError(path.name) from error


def _read(path: Path) -> Iterator[Head | Trailer]:
    digest = hashlib.sha256()
    left = _end(path).length
    with path.open("rb") as file:
        while left > 0:
            line = file.readline()
            left -= len(line)
            if line.startswith(_MARK):
                yield _parsed_trailer(line, digest.digest())
                digest = hashlib.sha256()
            else:
                digest.update(line)
                scope, seq, line_id, mac = line.decode().split()
                yield Head(UUID(scope), int(seq), UUID(line_id), bytes.fromhex(mac))


def _files() -> list[Path]:
    return sorted(folder().glob("heads-*.txt"))


def _trailer(row: AuditCheckpoint) -> str:
    prev, mac = bytes(row.prev).hex(), bytes(row.mac).hex()
    return f"= {row.number} {row.at.isoformat()} {row.lines} {row.total} {prev} {mac} {row.key_version}\n"


def _parsed_trailer(line: bytes, digest: bytes) -> Trailer:
    _, number, at, lines, total, prev, mac, version = line.decode().split()
    batch = Batch(
        number=int(number),
        at=datetime.fromisoformat(at),
        lines=int(lines),
        total=int(total),
        digest=digest,
        prev=bytes.fromhex(prev),
        key_version=int(version),
    )
    return Trailer(batch, bytes.fromhex(mac))


def _trim() -> _End:
    """Cut off the section that a kill left unfinished; the end of what is complete."""
    for path in reversed(_files()):
        end = _end(path)
        if path.stat().st_size > end.length:
            os.truncate(path, end.length)
        if end.number:
            return end
    return _End()


def _end(path: Path) -> _End:
    with path.open("rb") as file:
        start, tail = path.stat().st_size, b""
        while start > 0:
            step = min(_BLOCK, start)
            start -= step
            tail = _block(file, start, step) + tail
            stop = tail.rfind(b"\n") + 1
            mark = tail.rfind(b"\n" + _MARK, 0, stop) + 1
            if mark or (start == 0 and tail.startswith(_MARK)):
                length = tail.index(b"\n", mark) + 1
                try:
                    trailer = _parsed_trailer(tail[mark:length], b"")
                except ValueError as error:
                    raise UnreadableHeadsError(path.name) from error
                return _End(start + length, trailer.batch.number, trailer.mac)
    return _End()


def _block(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)
