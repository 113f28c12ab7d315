"""What a French accessibility statement says of itself: state, rate, date (RGAA 4.1, model of the statement)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MAX_TEXT = 200_000
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_STATE = re.compile(
    r"(?:\best|état de conformité ?:?) (?:actuellement )?(totalement|partiellement|non)[ -]conforme\b"
    r"|\bn'est pas conforme\b"
)
_RATE = re.compile(r"(?<![\d,.])(\d{1,3}(?:[.,]\d{1,2})?) ?%")
_ABOUT_RATE = re.compile(r"conform|rgaa|critère|respecté|taux")
_AROUND = 160
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_WRITTEN = re.compile(rf"(?<!\d)(\d{{1,2}}|1er) ({'|'.join(_MONTHS)}) (\d{{4}})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_HUNDRED = 100
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`state`: totalement, partiellement, non, or empty; `rate` in percent; `dated` the latest day behind."""

    state: str
    rate: float | None
    dated: date | None


def read_statement(text: str, *, today: date) -> Statement:
    """What stands in the words of a page."""
    words = _SPACES.sub(" ", text[:MAX_TEXT]).lower().replace("’", "'")
    found = _STATE.search(words)
    state = (found[1] or "non") if found else ""
    days = [day for day in _days(words) if day <= today]
    return Statement(state=state, rate=_rate(words), dated=max(days, default=None))


def _rate(words: str) -> float | None:
    """The first percentage whose surroundings speak of conformity."""
    for found in _RATE.finditer(words):
        around = words[max(0, found.start() - _AROUND) : found.end() + _AROUND]
        value = float(found[1].replace(",", "."))
        if value <= _HUNDRED and _ABOUT_RATE.search(around):
            return value
    return None


def _days(words: str) -> list[date]:
    numeric = [(year, month, day) for day, month, year in _NUMERIC.findall(words)]
    written = [(year, _MONTHS.index(month) + 1, day.removesuffix("er")) for day, month, year in _WRITTEN.findall(words)]
    made = (_day(int(year), int(month), int(day)) for year, month, day in [*numeric, *written, *_ISO.findall(words)])
    return [day for day in made if day]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
