"""Fills the staging tables: sound lines and findings through COPY, some blocks a transaction, memory flat (REL-11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction

from apps.common.copying import copying
from apps.rollout.jobs.checking import CheckedBlock
from apps.rollout.validation.columns import COLUMNS

_BLOCKS = 16  # a transaction: about 75,000 lines
_TABLES = ("rollout_stage", "rollout_finding", "rollout_double", "rollout_absent")
_EMPTY = f"TRUNCATE {', '.join(_TABLES)}"
_COPY_LINES = (
    f"COPY rollout_stage (line, fingerprint, folded_family, folded_first_given, {', '.join(COLUMNS)}) FROM STDIN"
)
_COPY_FINDINGS = "COPY rollout_finding (line, field, code, severity, masked) FROM STDIN"


@dataclass(slots=True, kw_only=True)
class Staged:
    """Counts of the lines so far: `read` in all, `sound`, `empty`; where the file goes on."""

    read: int = 0
    sound: int = 0
    empty: int = 0
    next_line: int = 2
    next_place: int = 0

    @property
    def refused(self) -> int:
        """Lines with a fault that keeps them out."""
        return self.read - self.sound - self.empty

    def add(self, block: CheckedBlock) -> None:
        """Count a block in."""
        self.read += block.lines
        self.sound += block.sound
        self.empty += block.empty
        self.next_line, self.next_place = block.next_line, block.next_place


def empty_tables() -> None:
    """Forget what an import left."""
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)


@contextmanager
def temporary_tables() -> Iterator[None]:
    """Tables of this session in front of the lasting ones, for a trial: what a killed import left stays as it is."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{table}' for table in _TABLES)}")


@contextmanager
def trial_tables() -> Iterator[None]:
    """The tables of trials that may be killed and go on, in front of those of the import."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO rollout_trial, public")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")


def stage(*, blocks: Iterator[CheckedBlock], so_far: Staged, committing: Callable[[Staged], None]) -> None:
    """Copy what was checked, adding to `so_far`; `committing` is called at the end of each transaction, inside it.

    Raises `FileRefusedError` when the file turns out to be no text in the middle.
    """
    more = True
    while more:
        with transaction.atomic():
            more = _copy_some(blocks, so_far)
            if more:
                committing(so_far)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE rollout_stage")


def _copy_some(blocks: Iterator[CheckedBlock], so_far: Staged) -> bool:
    """The lines, then what was found in them: one connection does one COPY at a time. False at the end of the file."""
    findings: list[str] = []
    before = so_far.next_line
    with copying(_COPY_LINES) as copy:
        for block in islice(blocks, _BLOCKS):
            copy.write(block.rows)
            findings.append(block.findings)
            so_far.add(block)
    with copying(_COPY_FINDINGS) as copy:
        copy.write("".join(findings))
    return so_far.next_line != before


def is_intact(staged: int) -> bool:
    """Whether the stage still holds so many lines: a crash of the server empties it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rollout_stage")
        return bool(cursor.fetchone()[0] == staged)
