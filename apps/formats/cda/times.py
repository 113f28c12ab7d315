"""HL7 times as documents write them: any precision, the offset as written, never filled up (DMP-09)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from apps.common.dates import PartialDate, PartialDateError

_FORM = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d\d)(?:(?P<day>\d\d)(?:(?P<hour>\d\d)(?:(?P<minute>\d\d)"
    r"(?:(?P<second>\d\d)(?:[.,]\d{1,9})?)?)?)?)?)?(?P<offset>Z|[+-]\d{2}(?:\d{2})?)?",
    re.ASCII,
)
_MINUTES_PER_HOUR = 60
_LAST_HOUR = 23
_LAST_MINUTE = 59
_LEAP_SECOND = 60
_WIDEST_OFFSET = 14 * _MINUTES_PER_HOUR


class CdaTimeError(ValueError):
    """The text is no HL7 time, or names a day that does not exist; `value` is the text."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


@dataclass(frozen=True, slots=True, kw_only=True)
class CdaTime:
    """One HL7 time (TS). Parts that were not written are None; `offset` is minutes east of Greenwich as written."""

    written: str
    date: PartialDate
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    offset: int | None = None

    @classmethod
    def parse(cls, value: str) -> CdaTime:
        """Read `AAAA`, `AAAAMM` … `AAAAMMJJHHMMSS.s+ZZZZ`; a month or day `00` is an unknown one.

        Raises `CdaTimeError`, for 31 February too.
        """
        text = value.strip()
        match = _FORM.fullmatch(text)
        if match is None:
            raise CdaTimeError(value)
        try:
            date = PartialDate.parse("-".join(part for part in match.group("year", "month", "day") if part))
        except PartialDateError as error:
            raise CdaTimeError(value) from error
        hour, minute, second = (_number(match[name]) for name in ("hour", "minute", "second"))
        offset = _offset(match["offset"])
        if not _is_clock(hour, minute, second) or (offset is not None and abs(offset) > _WIDEST_OFFSET):
            raise CdaTimeError(value)
        if hour is not None and not date.is_whole:
            raise CdaTimeError(value)
        return cls(written=text, date=date, hour=hour, minute=minute, second=second, offset=offset)

    def as_partial_date(self) -> PartialDate:
        """The day (or month, or year) that stands in the document: 1 January at half past midnight in La Réunion
        stays 1 January (S07)."""
        return self.date

    def iso(self) -> str:
        """ISO 8601 with the precision as written: `2026-02`, `2026-01-01T00:30:00+04:00`; also FHIR and HTML `time`."""
        if self.hour is None or self.minute is None:
            return self.date.iso()
        seconds = "" if self.second is None else f":{self.second:02d}"
        return f"{self.date.iso()}T{self.hour:02d}:{self.minute:02d}{seconds}{self._iso_offset()}"

    def instant(self) -> datetime | None:
        """The moment as an aware datetime, or None when hour, minute or offset were not written."""
        if self.hour is None or self.minute is None or self.offset is None or self.date.month is None:
            return None
        zone = timezone(timedelta(minutes=self.offset)) if self.offset else UTC
        second = min(self.second or 0, _LAST_MINUTE)
        return datetime(
            self.date.year, self.date.month, self.date.day or 1, self.hour, self.minute, second, tzinfo=zone
        )

    def _iso_offset(self) -> str:
        if self.offset is None:
            return ""
        hours, minutes = divmod(abs(self.offset), _MINUTES_PER_HOUR)
        return f"{'-' if self.offset < 0 else '+'}{hours:02d}:{minutes:02d}"


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _offset(text: str | None) -> int | None:
    if text is None:
        return None
    if text == "Z":
        return 0
    minutes = int(text[1:3]) * _MINUTES_PER_HOUR + int(text[3:5] or 0)
    return -minutes if text.startswith("-") else minutes


def _is_clock(hour: int | None, minute: int | None, second: int | None) -> bool:
    return (hour or 0) <= _LAST_HOUR and (minute or 0) <= _LAST_MINUTE and (second or 0) <= _LEAP_SECOND
