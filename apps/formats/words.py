"""Words for readers: dates with their precision, sizes, types of files, refusals. Everything goes through gettext."""

from __future__ import annotations

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.common.dates import PartialDate
from apps.formats import media
from apps.formats.cda.times import CdaTime
from apps.formats.cda.values import Period

_PARIS_OFFSETS = frozenset({60, 120})  # written offsets that a reader in metropolitan France needs no word about
_HOUR = 60
_THOUSAND = 1000


def not_given() -> str:
    """What stands for an unknown value (DMP-87)."""
    return _("not given")


def date_words(date: PartialDate) -> str:
    """`18 novembre 2026`, `novembre 2026`, `2026`: only what is known (DMP-09)."""
    year = str(date.year)
    if date.month is None:
        return year
    month = str(MONTHS[date.month])
    if date.day is None:
        return _("%(month)s %(year)s") % {"month": month, "year": year}
    day = pgettext("first day of a month", "1") if date.day == 1 else str(date.day)
    return _("%(day)s %(month)s %(year)s") % {"day": day, "month": month, "year": year}


def time_words(time: CdaTime) -> str:
    """The time as the document writes it; the offset is told when it is not one of metropolitan France (S07)."""
    words = date_words(time.date)
    if time.hour is None:
        return words
    minute = f"{time.minute or 0:02d}"
    words = _("%(date)s at %(hour)s:%(minute)s") % {"date": words, "hour": time.hour, "minute": minute}
    if time.offset is None or time.offset in _PARIS_OFFSETS:
        return words
    return _("%(time)s (UTC%(offset)s)") % {"time": words, "offset": _offset(time.offset)}


def period_words(period: Period) -> str | None:
    """From … to …, or one time, or None."""
    if period.start and period.stop and period.start != period.stop:
        return _("from %(start)s to %(stop)s") % {"start": time_words(period.start), "stop": time_words(period.stop)}
    moment = period.start or period.stop
    return time_words(moment) if moment else None


def size_words(size: int) -> str:
    """`551 bytes`, `62 kB`, `2.1 MB` (decimal units)."""
    if size < _THOUSAND:
        return _("%(size)s bytes") % {"size": size}
    if size < _THOUSAND**2:
        return _("%(size)s kB") % {"size": round(size / _THOUSAND)}
    return _("%(size)s MB") % {"size": decimal(f"{size / _THOUSAND**2:.1f}")}


def exact_size_words(size: int) -> str:
    """`61,736 bytes`: every digit, grouped by three."""
    return _("%(size)s bytes") % {"size": f"{size:,}".replace(",", pgettext("thousands sign", ","))}


def decimal(number: str) -> str:
    """A number as written with a point, with the decimal sign of the reader's language."""
    return number.replace(".", pgettext("decimal sign", "."))


def type_words(media_type: str | None) -> str:
    """Name of a media type for a reader."""
    names = {
        media.PDF: _("PDF document"),
        media.JPEG: _("JPEG picture"),
        media.PNG: _("PNG picture"),
        media.TIFF: _("TIFF picture"),
        media.RTF: _("RTF text"),
        media.TEXT: _("plain text"),
        media.XML: _("XML data"),
        media.UNKNOWN: _("file of an unknown type"),
    }
    return names.get(media_type or media.UNKNOWN) or media_type or ""


def _offset(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), _HOUR)
    sign = "−" if minutes < 0 else "+"
    return f"{sign}{hours}" + (f":{rest:02d}" if rest else "")
