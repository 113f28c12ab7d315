"""Dates of the file: ten characters, `00` for an unknown day or month of birth (IDN-01)."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from apps.common.dates import PartialDate, PartialDateError

_TEN_CHARACTERS = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_OLDEST = 1850


@lru_cache(maxsize=1 << 16)
def is_partial_date(value: str) -> bool:
    """True for `1952-06-14`, `1952-06-00`, `1952-00-00` when such a day exists."""
    if not _TEN_CHARACTERS.fullmatch(value):
        return False
    try:
        return PartialDate.parse(value).year >= _OLDEST
    except PartialDateError:
        return False


def is_whole_date(value: str) -> bool:
    """True for a day of the calendar."""
    if not _TEN_CHARACTERS.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
