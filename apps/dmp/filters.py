"""Filters of the document list as plain values: what a reader asked for, kept in the session, never in an address."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any


class PeriodChoice(StrEnum):
    """Which dates of acts are wanted."""

    ANY = ""
    THREE_MONTHS = "3m"
    TWELVE_MONTHS = "12m"
    DATES = "dates"


class StateChoice(StrEnum):
    """Which states are wanted."""

    ANY = ""
    NEW = "new"
    HIDDEN = "hidden"
    PINNED = "pinned"
    MINE = "mine"  # the holder's own documents, as the holder says it
    ADDED = "added"  # the same ones, as anybody else in that space says it
    ARCHIVED = "archived"  # out of the list otherwise (DMP-66)


_MONTHS_BACK = {PeriodChoice.THREE_MONTHS: 3, PeriodChoice.TWELVE_MONTHS: 12}
_MONTHS_A_YEAR = 12
_IN_FORM = ("words", "category", "period", "author", "place", "folder", "state")
_TOGETHER = {"period": ("period", "first", "last")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a reader asked for; empty fields ask for nothing. `first` and `last` are ISO days, both included;
    `folder` is an id; `folder_name`, what it is called now, is not kept.
    """

    words: str = ""
    category: str = ""
    period: PeriodChoice = PeriodChoice.ANY
    first: str = ""
    last: str = ""
    author: str = ""
    folder: str = ""
    place: str = ""
    state: StateChoice = StateChoice.ANY
    folder_name: str = ""

    @property
    def active(self) -> tuple[str, ...]:
        """Names of the filters that are set, in the order of the form."""
        return tuple(name for name in _IN_FORM if getattr(self, name))

    def without(self, name: str) -> Filters:
        """The same but for one filter; an unknown name changes nothing."""
        if name not in self.active:
            return self
        gone = _TOGETHER.get(name, (name,))
        return self.from_dict({key: value for key, value in self.as_dict().items() if key not in gone})

    def bounds(self, today: date) -> tuple[date | None, date | None]:
        """First and last day of the period."""
        if months := _MONTHS_BACK.get(self.period):
            return months_before(today, months), None
        first, last = (date.fromisoformat(text) if text else None for text in (self.first, self.last))
        return first, last

    def as_dict(self) -> dict[str, str]:
        """For the session (JSON)."""
        kept = {field.name: str(getattr(self, field.name)) for field in fields(self) if getattr(self, field.name)}
        return {name: value for name, value in kept.items() if name != "folder_name"}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Filters:
        """What `as_dict` made."""
        return cls(
            words=str(stored.get("words", "")),
            category=str(stored.get("category", "")),
            period=PeriodChoice(stored.get("period", "")),
            first=str(stored.get("first", "")),
            last=str(stored.get("last", "")),
            author=str(stored.get("author", "")),
            folder=str(stored.get("folder", "")),
            place=str(stored.get("place", "")),
            state=StateChoice(stored.get("state", "")),
        )


def months_before(today: date, months: int) -> date:
    """The same day so many months before; the last day of a shorter month stands for a missing one."""
    year, month = divmod(today.year * _MONTHS_A_YEAR + today.month - 1 - months, _MONTHS_A_YEAR)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
