"""Tables for spreadsheets that stay text there: cells that a spreadsheet would compute are prefixed (SEC-31, S43)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

BOM = "\ufeff"  # without it spreadsheets read UTF-8 as something else
SEPARATOR = ";"  # what a French spreadsheet expects
PREFIX = "'"
# A spreadsheet trims spaces of these kinds, and reads full-width signs as the signs themselves.
_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = object


class _Line:
    """What `csv.writer` writes to: it hands the line back."""

    def write(self, text: str) -> str:
        return text


def inert(value: Cell) -> str:
    """The text of a cell that no spreadsheet computes; None is empty. Numbers of our own are left as they are."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = str(value).replace("\0", "")
    return f"{PREFIX}{text}" if text.lstrip(" \u00a0\u202f\ufeff").startswith(_COMPUTED) else text


def lines(*, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file line by line: BOM and header first, `;` between cells, every cell quoted, CRLF."""
    writer = csv.writer(_Line(), delimiter=SEPARATOR, quoting=csv.QUOTE_ALL)
    yield BOM + writer.writerow([inert(title) for title in header])
    for row in rows:
        yield writer.writerow([inert(cell) for cell in row])
