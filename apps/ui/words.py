"""Dates, times, sizes and fingerprints in the reader's language.

Hours are those of Europe/Paris, the current time zone of Django. No-break spaces are part of the translations.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

KILO = 1000
VOWELS = frozenset("AEIOUHŒÆ")  # the h of first names is nearly always mute


class PartialDateLike(Protocol):
    """Shape of `common.dates.PartialDate`, which this layer does not import."""

    @property
    def year(self) -> int: ...
    @property
    def month(self) -> int | None: ...
    @property
    def day(self) -> int | None: ...


def partial_date(value: PartialDateLike | None) -> str:
    """ "18 novembre 2026", "mars 2021", "1975": as precise as the source, never more."""
    if value is None:
        return _("date not given")
    if value.month is None:
        return str(value.year)
    if value.day is None:
        return date_format(date(value.year, value.month, 1), _("F Y"))
    return day(date(value.year, value.month, value.day))


def day(value: date | None) -> str:
    """ "18 novembre 2026"; a datetime is read in Paris time."""
    if value is None:
        return _("date not given")
    local = _local(value)
    first = pgettext("first day of a month", "F j, Y")  # French writes "1er"
    return date_format(local, first if local.day == 1 else _("F j, Y"))


def long_day(value: date | None) -> str:
    """ "Mardi 24 novembre 2026", as a heading."""
    if value is None:
        return _("Date not given")
    words = _("%(weekday)s, %(day)s") % {"weekday": date_format(_local(value), "l"), "day": day(value)}
    return words[:1].upper() + words[1:]


def moment(value: datetime | None) -> str:
    """ "le 12 mars 2026 à 14 h 05"."""
    if value is None:
        return _("at an unknown time")
    return _("on %(day)s at %(time)s") % {"day": day(value), "time": clock(value)}


def clock(value: datetime | None) -> str:
    """ "14 h 05"."""
    if value is None:
        return _("unknown time")
    return date_format(timezone.localtime(value), _("G:i"))


def file_size(octets: int) -> str:
    """ "84 ko", "1,2 Mo": decimal multiples, as file managers show them; below 1 ko the exact count."""
    if octets < KILO:
        return _("%(count)s bytes") % {"count": octets}
    if octets < KILO * KILO:
        return _("%(count)s kB") % {"count": number_format(_rounded(octets / KILO))}
    return _("%(count)s MB") % {"count": number_format(_rounded(octets / KILO / KILO))}


def number(value: int) -> str:
    """ "61 050": thousands in groups."""
    return number_format(value, force_grouping=True)


def share(part: int, whole: int) -> str:
    """ "1,8 %": one decimal; "–" of nothing."""
    if not whole:
        return "–"
    return _("%(number)s%%") % {"number": number_format(f"{100 * part / whole:.1f}", force_grouping=True)}


def of_person(name: str) -> str:
    """ "de Léa M.", "d'Alice M.": French drops the vowel of "de" before another."""
    folded = unicodedata.normalize("NFD", name[:1]).upper()
    before_vowel = pgettext("before a vowel", "of %(name)s")
    return (before_vowel if folded[:1] in VOWELS else _("of %(name)s")) % {"name": name}


def fingerprint(value: str | bytes) -> str:
    """Hexadecimal digits in groups of four, so that two people can compare them aloud."""
    digits = value.hex() if isinstance(value, bytes) else value
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _rounded(number: float) -> int | float:
    return round(number) if number >= 10 else round(number, 1)  # noqa: PLR2004  two significant digits
