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
    r"|\bn'est (?:actuellement )?pas conforme\b"
)
# A part of a page may conform or not: only what stands behind these words is said of the whole service.
_HEADING = "état de conformité"
_SUBJECT = re.compile(
    r"(?:\b(?:le|ce|notre|la|cette) |\bl')(?:site|service|application|portail|plateforme)\b"
    r"(?: [^ ]{0,60}[^ .;:!?,]){0,8}? $"
)
_BEFORE = 80
_RATE = re.compile(r"(?<![\d,.])(\d{1,3}(?:[.,]\d{1,2})?) ?%")
_ABOUT_RATE = re.compile(r"conform|rgaa|critère|respecté|taux")
_AROUND = 160
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_WRITTEN = re.compile(rf"(?<!\d)(\d{{1,2}}|1er) ({'|'.join(_MONTHS)}) (\d{{4}})(?!\d)")
_ABOUT_DAY = re.compile(r"établi|mise à jour|déclaration|audit|révis|revue")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_HUNDRED = 100
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`state`: totalement, partiellement, non, or empty; `rate` in percent; `dated` its latest day behind."""

    state: str
    rate: float | None
    dated: date | None


def read_statement(text: str, *, today: date) -> Statement:
    """What stands in the words of a page."""
    words = _SPACES.sub(" ", text[:MAX_TEXT]).lower().replace("’", "'")
    days = [day for day in _days(words) if day <= today]
    return Statement(state=_state(words), rate=_rate(words), dated=max(days, default=None))


def _state(words: str) -> str:
    """The first that is said of the whole service. In part: nothing follows from it but a look at the rate."""
    for found in _STATE.finditer(words):
        before = words[max(0, found.start() - _BEFORE) : found.start()]
        state = found[1] or "non"
        if state == "partiellement" or _HEADING in before + found[0] or _SUBJECT.search(before):
            return state
    return ""


def _rate(words: str) -> float | None:
    """The first percentage whose surroundings speak of conformity."""
    for found in _RATE.finditer(words):
        around = words[max(0, found.start() - _AROUND) : found.end() + _AROUND]
        value = float(found[1].replace(",", "."))
        if value <= _HUNDRED and _ABOUT_RATE.search(around):
            return value
    return None


def _days(words: str) -> list[date]:
    """Those of the statement: other days of a page are those of its footer, or of laws."""
    numeric = [(year, month, day) for day, month, year in _near(_NUMERIC, words)]
    written = [
        (year, str(_MONTHS.index(month) + 1), day.removesuffix("er")) for day, month, year in _near(_WRITTEN, words)
    ]
    made = (_day(int(year), int(month), int(day)) for year, month, day in [*numeric, *written, *_near(_ISO, words)])
    return [day for day in made if day]


def _near(kind: re.Pattern[str], words: str) -> list[tuple[str, ...]]:
    """Days of this spelling that stand behind a word about the statement."""
    found = kind.finditer(words)
    return [one.groups() for one in found if _ABOUT_DAY.search(words, max(0, one.start() - _BEFORE), one.start())]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
