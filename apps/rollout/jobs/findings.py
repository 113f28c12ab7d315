"""Reads the findings of the import at work: counts by kind, lines of the report."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from django.db import connection
from django.utils.translation import gettext as _

from apps.rollout.validation.codes import Code

_BY_KIND = """
    SELECT code, severity, count(DISTINCT line) FROM rollout_finding GROUP BY code, severity ORDER BY severity, code
"""
_IN_ORDER = "SELECT line, field, code, other_line FROM rollout_finding ORDER BY line, id"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def count_findings() -> list[tuple[str, str, int]]:
    """Code, severity and number of lines, in a fixed order (ROL-11)."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_KIND)
        return list(cursor.fetchall())


def write_report(handle: TextIO) -> None:
    """The report of the import at work: `;` between number, field, code and words, one finding a line.

    It holds no value of the file; cells that a spreadsheet would take for a formula are prefixed (SEC-31).
    """
    writer = csv.writer(handle, delimiter=";", lineterminator="\n")
    writer.writerow([_("line"), _("field"), _("code"), _("words")])
    for line, field, code, other_line in _rows():
        writer.writerow([line, inert(field), inert(code), inert(_words(code, other_line))])


def inert(cell: str) -> str:
    """The text, prefixed with an apostrophe where a spreadsheet would compute it."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _words(code: str, other_line: int | None) -> str:
    words = str(Code(code).label)
    if other_line is None:
        return words
    return f"{words} {_('See line %(line)d.') % {'line': other_line}}"


def _rows() -> Iterator[tuple[int, str, str, int | None]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_IN_ORDER)
        while rows := cursor.fetchmany(2000):
            yield from rows
