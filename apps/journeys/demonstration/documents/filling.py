"""Fills the `{{slots}}` of XML and text templates: named values, and dates counted from the day of the act."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from html import escape
from pathlib import Path

from apps.journeys.demonstration.documents.catalogue import texts

HERE = Path(__file__).parent
_SLOT = re.compile(r"\{\{(\w+)(?::([+-]?\d+))?\}\}")
_MARKUP = "_xml"


@cache
def template(name: str) -> str:
    """A file of templates/, without its last end of line."""
    return (HERE / "templates" / name).read_text(encoding="utf-8").rstrip("\n")


@cache
def body(name: str) -> str:
    """A file of bodies/."""
    return (HERE / "bodies" / name).read_text(encoding="utf-8").rstrip("\n")


def fill(text: str, values: Mapping[str, str], *, day: date | None = None) -> str:
    """Put the values in; those whose name ends in `_xml` are markup, all others are escaped.

    With a `day`, `{{fr}}`, `{{num:-3}}`, `{{ts:90}}` and `{{year}}` give that day plus so many days as "4 mars 2026",
    "04/03/2026", "20260304" and "2026". Raises `KeyError` for a slot without a value.
    """

    def value(match: re.Match[str]) -> str:
        name, offset = match[1], int(match[2] or 0)
        if name in values:
            return values[name] if name.endswith(_MARKUP) else escape(values[name])
        if day is None:
            raise KeyError(name)
        return _FORMS[name](day + timedelta(days=offset))

    return _SLOT.sub(value, text)


def in_french(day: date) -> str:
    """The day in words: "1er mars 2026"."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {texts()['months'][day.month - 1]} {day.year}"


_FORMS: dict[str, Callable[[date], str]] = {
    "fr": in_french,
    "num": lambda day: day.strftime("%d/%m/%Y"),
    "ts": lambda day: day.strftime("%Y%m%d"),
    "year": lambda day: str(day.year),
}
