"""Fills the staging table with the sound lines of an extract, through COPY, memory flat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.db import connection

from apps.common.copying import copying
from apps.directory.extract import KEPT, ExtractFault, ExtractLayout
from apps.formats.lines import LineReader

_BATCH = 2_000
# Tables of the session: they vanish with it.
TABLES = ("directory_stage", "directory_person", "directory_place", "directory_situation")
_STAGE = f"""
    CREATE TEMPORARY TABLE directory_stage (
        line integer NOT NULL, {", ".join(f"{field} text NOT NULL" for field in KEPT)}
    )
"""
_COPY = f"COPY directory_stage (line, {', '.join(KEPT)}) FROM STDIN"
_DROP = f"DROP TABLE IF EXISTS {', '.join(TABLES)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """Lines `read` in all and `empty`; `faults` counts the refused ones by kind."""

    read: int
    empty: int
    faults: Counter[ExtractFault]


def make_table() -> None:
    """An empty staging table."""
    drop_tables()
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)


def drop_tables() -> None:
    """Give the space back; harmless when they are not there."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP)


def stage(*, reader: LineReader, layout: ExtractLayout) -> Staged:
    """Copy the sound lines to `directory_stage`. Raises `FileRefusedError` when the file stops being text."""
    read = empty = 0
    faults: Counter[ExtractFault] = Counter()
    numbered = _numbered(reader)
    with copying(_COPY) as copy:
        while first := next(numbered, None):
            rows = []
            for number, line in chain([first], islice(numbered, _BATCH - 1)):
                read += 1
                values = ExtractFault.ENCODING if line is None else layout.read(line) if line.strip() else None
                if values is None:
                    empty += 1
                elif isinstance(values, ExtractFault):
                    faults[values] += 1
                else:
                    rows.append(_row_text(number, values))
            copy.write("".join(rows))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_stage")
    return Staged(read=read, empty=empty, faults=faults)


def _numbered(reader: LineReader) -> Iterator[tuple[int, str | None]]:
    for part in reader.slices():
        yield from enumerate(part.lines, part.first)


def _row_text(number: int, values: tuple[str, ...]) -> str:
    """One line for COPY; values hold no control characters, so the backslash alone needs care."""
    text = "\t".join(values).replace("\\", "\\\\")
    return f"{number}\t{text}\n"
