"""Sealing and proving of the trail, held against a plain COPY of the same lines."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.access import Actor, Role
from apps.audit import jobs
from apps.audit.services import Line, record
from apps.audit.verification import Proof, faults

_ROW_BY_ROW = 1_000
_FLOOR = "DROP TABLE IF EXISTS benchmark_trail; CREATE TABLE benchmark_trail (LIKE audit_auditevent)"
# Lines of an opening: one in each of as many scopes; then lines of a portal at work: a hundred a scope.
_LINES = """
    INSERT INTO audit_auditevent (
        scope_id, id, at, action, actor_role, actor_id, organisation_id, on_behalf_of, purpose, reason, outcome, rule,
        target, level, request_id, facts)
    SELECT md5((i / %(each)s)::text || %(each)s)::uuid, uuidv7(), now(), 'dmp.document.read', 'professional',
        '810000000000', '', '', 'CARE', '', 'permit', 'ACC-09', 'document:' || uuidv7()::text, '', md5(i::text),
        '{"content": true, "mode": "CARE"}'
    FROM generate_series(1, %(count)s) AS i
"""


def measure(lines: int) -> Iterator[str]:
    """Lines of the result, each as soon as it is known; `lines` of each kind."""
    with tempfile.TemporaryDirectory(prefix="ens-heads-") as folder:
        settings.AUDIT_HEADS_DIR = folder
        jobs.seal(at=timezone.now(), batches=10_000)
        yield f"lines {lines} in as many scopes, {lines} in scopes of a hundred"
        _write(lines, each=1)
        floor = _seconds(_plain_copy) / lines
        yield f"plain COPY {1 / floor:.0f} lines/s (floor)"
        yield _line("sealing, a line a scope", _seconds(_seal) / lines, floor)
        _write(lines, each=100)
        yield _line("sealing, a hundred lines a scope", _seconds(_seal) / lines, floor)
        yield _line("writing a line, its place in the queue included", _seconds(_row_by_row) / _ROW_BY_ROW, floor)
        _seal()
        yield _line("proving", _seconds(_prove) / (2 * lines), floor)
        yield f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"


def _line(name: str, seconds: float, floor: float) -> str:
    return f"{name} {1 / seconds:.0f} lines/s, {seconds / floor:.1f} times a plain COPY"


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _write(count: int, *, each: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"count": count, "each": each})


def _plain_copy() -> None:
    """The same lines into one table without key, index or check, through the client and back."""
    address = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(address) as owner, psycopg.connect(address) as reader:
        owner.execute(_FLOOR)
        with (
            reader.cursor().copy("COPY audit_auditevent TO STDOUT") as source,
            owner.cursor().copy("COPY benchmark_trail FROM STDIN") as target,
        ):
            for block in source:
                target.write(block)


def _seal() -> None:
    while jobs.seal(at=timezone.now()).more:
        pass


def _row_by_row() -> None:
    at = timezone.now()
    for _ in range(_ROW_BY_ROW):
        record(actor=Actor(role=Role.SYSTEM, at=at), line=Line(action="a.b.c"), at=at)


def _prove() -> None:
    found = list(faults(proof=Proof(), at=timezone.now()))
    if found:
        raise AssertionError(found[0])
