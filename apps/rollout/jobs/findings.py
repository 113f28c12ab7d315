"""Reads the findings of the import at work: counts by kind, lines of the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from django.db import connection
from django.utils.translation import gettext as _

from apps.common import sheets
from apps.rollout.validation.codes import Code
from apps.rollout.validation.masking import NOTHING

Finding = tuple[int, str, str, int | None, str]  # line, field, code, other line, masked value
_BY_KIND = """
    SELECT code, severity, count(DISTINCT line) FROM rollout_finding GROUP BY code, severity ORDER BY severity, code
"""
_IN_ORDER = "SELECT line, field, code, other_line, masked FROM rollout_finding ORDER BY line, id"


def count_findings() -> list[tuple[str, str, int]]:
    """Code, severity and number of lines, in a fixed order (ROL-11)."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_KIND)
        return list(cursor.fetchall())


def write_report(handle: TextIO) -> None:
    """The report of the import at work, one finding a line (RO-02, SEC-31).

    It holds no value of the file, only its shape; cells that a spreadsheet would take for a formula are prefixed.
    """
    handle.writelines(report_lines(_rows()))


def report_lines(rows: Iterable[Finding]) -> Iterator[str]:
    """Title and findings as lines of a sheet: line, field, code, masked value, words."""
    return sheets.lines(
        header=[_("line"), _("field"), _("code"), _("masked value"), _("explanation")],
        rows=(
            [line, field, code, shape(masked), words_of(code=code, other_line=other_line)]
            for line, field, code, other_line, masked in rows
        ),
    )


def shape(masked: str) -> str:
    """What the report shows of a value; an empty one says so."""
    return _("(empty)") if masked == NOTHING else masked


def words_of(*, code: str, other_line: int | None) -> str:
    """The explanation, with the line it is about."""
    words = str(Code(code).label)
    if other_line is None:
        return words
    more = _("See line %(line)d.") % {"line": other_line}
    return f"{words} {more}"


def _rows() -> Iterator[Finding]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_IN_ORDER)
        while rows := cursor.fetchmany(2000):
            yield from rows
