"""Dates whose month or day may be unknown, as civil status and clinical documents write them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MONTHS = 12
PARIS = ZoneInfo("Europe/Paris")


class PartialDateError(ValueError):
    """The text is no date of this form; `value` is the text."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known to the year, the month or the day; unknown parts are None and are never filled (DMP-09, IDN-28)."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise PartialDateError(self._parts())
        if self.month is not None and not 1 <= self.month <= _MONTHS:
            raise PartialDateError(self._parts())
        if self.month is not None and self.day is not None:
            last = calendar.monthrange(self.year, self.month)[1] if self.year else 0
            if not 1 <= self.day <= last:
                raise PartialDateError(self._parts())

    @classmethod
    def parse(cls, value: str) -> PartialDate:
        """Read `1952-06-14`, `1952-06`, `1952`; `00` for a month or a day means unknown (`1952-06-00`,
        `1952-00-00`).
        """
        match = _ISO.fullmatch(value.strip())
        if match is None or int(match[1]) == 0:
            raise PartialDateError(value)
        month = int(match[2] or 0) or None
        day = int(match[3] or 0) or None
        return cls(int(match[1]), month, day)

    @classmethod
    def of(cls, value: date) -> PartialDate:
        """The whole date."""
        return cls(value.year, value.month, value.day)

    def iso(self) -> str:
        """`1952-06-14`, `1952-06` or `1952`: what is known, nothing more."""
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
        if self.day is not None:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)

    def with_zeros(self) -> str:
        """Ten characters, `00` for what is unknown: the form of the eligibility file."""
        return f"{self.year:04d}-{self.month or 0:02d}-{self.day or 0:02d}"

    def _parts(self) -> str:
        return f"{self.year}-{self.month}-{self.day}"

    @property
    def is_whole(self) -> bool:
        return self.day is not None

    def earliest(self) -> date:
        """First day it can mean; for sorting and comparing only, never for showing."""
        return date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        """Last day it can mean."""
        month = self.month or _MONTHS
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


def one_month_after(at: datetime) -> datetime:
    """The same hour in Paris one calendar month later; the last day of a shorter month stands for a missing day
    (ACC-34).
    """
    local = at.astimezone(PARIS)
    year, month = (local.year + 1, 1) if local.month == _MONTHS else (local.year, local.month + 1)
    return local.replace(year=year, month=month, day=min(local.day, calendar.monthrange(year, month)[1]))


def midnight(day: date) -> datetime:
    """The first instant of a day in Paris."""
    return datetime.combine(day, time(), PARIS)
