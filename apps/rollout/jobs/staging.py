"""Fills the staging tables: every line checked on its way through COPY, memory flat (REL-11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain, islice

from django.db import connection

from apps.formats.lines import LineReader, Slice
from apps.rollout.validation.codes import Code, Finding, refused
from apps.rollout.validation.columns import COLUMNS, FAMILY_NAME, FIRST_GIVEN_NAME, Layout
from apps.rollout.validation.lines import Rules, check_line
from apps.rollout.validation.names import folded

_BATCH = 2_000  # lines checked while the database takes in those before
_MANY = 20  # batches a COPY; their findings are held until it ends
# Tables of the session: they vanish with it, whatever happens.
_TABLES = f"""
    CREATE TEMPORARY TABLE rollout_stage (
        line integer NOT NULL, fingerprint text NOT NULL, folded_family text NOT NULL, folded_first_given text NOT NULL,
        {", ".join(f"{column} text NOT NULL" for column in COLUMNS)},
        identity_id uuid NOT NULL DEFAULT uuidv7(), is_known boolean NOT NULL DEFAULT false
    );
    CREATE TEMPORARY TABLE rollout_finding (
        id integer GENERATED ALWAYS AS IDENTITY, line integer NOT NULL, field text NOT NULL, code text NOT NULL,
        severity text NOT NULL, other_line integer
    );
"""
_DROP = "DROP TABLE IF EXISTS rollout_stage, rollout_finding, rollout_repeated, rollout_double"
_COPY_LINES = (
    f"COPY rollout_stage (line, fingerprint, folded_family, folded_first_given, {', '.join(COLUMNS)}) FROM STDIN"
)
_COPY_FINDINGS = "COPY rollout_finding (line, field, code, severity) FROM STDIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """Counts of lines: `read` in all, `refused` with a fault, `empty`."""

    read: int
    refused: int
    empty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    rows: list[str]
    findings: list[str]
    lines: int
    empty: int


def make_tables() -> None:
    """Empty staging tables."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_TABLES)


def drop_tables() -> None:
    """Give the space back; harmless when they are not there."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP)


def stage(*, reader: LineReader, layout: Layout, rules: Rules) -> Staged:
    """Check all lines and copy the sound ones to `rollout_stage`, what is wrong to `rollout_finding`.

    Raises `FileRefusedError` when the file turns out to be no text in the middle.
    """
    read = refused_lines = empty = 0
    batches = (_check(part, layout, rules) for part in _parts(reader))
    with connection.cursor() as cursor:
        while first := next(batches, None):
            findings: list[str] = []
            with cursor.copy(_COPY_LINES) as copy:
                for batch in chain([first], islice(batches, _MANY - 1)):
                    copy.write("".join(batch.rows))
                    findings.extend(batch.findings)
                    read += batch.lines
                    empty += batch.empty
                    refused_lines += batch.lines - batch.empty - len(batch.rows)
            with cursor.copy(_COPY_FINDINGS) as copy:
                copy.write("".join(findings))
        cursor.execute("ANALYZE rollout_stage")
    return Staged(read=read, refused=refused_lines, empty=empty)


def _parts(reader: LineReader) -> Iterator[Slice]:
    for part in reader.slices():
        for start in range(0, len(part.lines), _BATCH):
            yield Slice(first=part.first + start, lines=part.lines[start : start + _BATCH])


def _check(part: Slice, layout: Layout, rules: Rules) -> _Batch:
    rows: list[str] = []
    findings: list[str] = []
    empty = 0
    for number, line in enumerate(part.lines, part.first):
        if line is None:
            findings.append(_finding_text(number, refused("", Code.ENCODING)))
        elif not line or line.isspace():
            empty += 1
        else:
            checked = check_line(line=line, layout=layout, rules=rules)
            if checked.findings:
                findings.extend(_finding_text(number, finding) for finding in checked.findings)
            if checked.values is not None:
                rows.append(_row_text(number, checked.values))
    return _Batch(rows=rows, findings=findings, lines=len(part.lines), empty=empty)


def _row_text(number: int, values: list[str]) -> str:
    """One line for COPY. Values hold no control characters, so the backslash alone needs care."""
    text = "\t".join(values)
    fingerprint = blake2b(text.encode(), digest_size=16).hexdigest()
    names = f"{folded(values[FAMILY_NAME])}\t{folded(values[FIRST_GIVEN_NAME])}"
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return f"{number}\t{fingerprint}\t{names}\t{text}\n"


def _finding_text(number: int, finding: Finding) -> str:
    return f"{number}\t{finding.field}\t{finding.code.value}\t{finding.severity.value}\n"
