"""A definition list: one term with one or more lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString

from apps.formats.cda.safe import element, joined, lines, text


class Row(NamedTuple):
    """A term and its lines."""

    label: str
    values: Sequence[SafeString]


def definition_list(rows: Iterable[Row], css_class: str) -> SafeString:
    """A `dl` whose terms and lines stand in groups."""
    return element("dl", joined(_row(row) for row in rows), {"class": css_class})


def _row(row: Row) -> SafeString:
    return element("div", joined([element("dt", text(row.label)), element("dd", lines(row.values))]))
