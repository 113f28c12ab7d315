"""One month of the roll-out day by day: holidays, sendings, ends of windows, openings (RO-09)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from apps.common.workdays import holiday_name
from apps.rollout import planning
from apps.rollout.figures.counting import Day, Standing
from apps.rollout.figures.curves import ENDS, OPENED, SENT
from apps.rollout.models import EligiblePerson, Wave

_UNSENT = ("ELIGIBLE", "NOTICE_QUEUED", "NOTICE_FAILED")
_SATURDAY = 6


class What(StrEnum):
    """What a line of the calendar says."""

    TO_SEND = "to-send"
    SENT = "sent"
    ENDS = "ends"
    OPENS = "opens"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`number`: notices or windows; for `TO_SEND` what the capacity of the day allows, 0 where nobody knows."""

    what: What
    wave: Wave
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One day; days of the weeks round the month have `is_inside` False and no entries."""

    day: date
    is_inside: bool
    is_today: bool
    holiday: str
    entries: tuple[Entry, ...] = field(default=())

    @property
    def is_off(self) -> bool:
        return bool(self.holiday) or self.day.isoweekday() >= _SATURDAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Whole weeks, Monday first."""

    first: date
    weeks: tuple[tuple[CalendarDay, ...], ...]

    @property
    def days(self) -> tuple[CalendarDay, ...]:
        """Days of the month with something to say, for the list of a small screen."""
        inside = (day for week in self.weeks for day in week if day.is_inside)
        return tuple(day for day in inside if day.entries or day.holiday)

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


def month(
    *, first: date, today: date, waves: Sequence[Wave], days: Iterable[Day], standings: Iterable[Standing]
) -> Month:
    """The month that begins on `first`, as known on `today`: facts up to then, plans from then on."""
    entries = _entries(today, waves, list(days), list(standings))
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return Month(first=first, weeks=tuple(tuple(_day(day, first, today, entries) for day in week) for week in weeks))


def _day(day: date, first: date, today: date, entries: dict[date, list[Entry]]) -> CalendarDay:
    is_inside = day.month == first.month
    return CalendarDay(
        day=day,
        is_inside=is_inside,
        is_today=day == today,
        holiday=holiday_name(day) or "",
        entries=tuple(entries.get(day, ())) if is_inside else (),
    )


def _entries(today: date, waves: Sequence[Wave], days: list[Day], standings: list[Standing]) -> dict[date, list[Entry]]:
    found: dict[date, list[Entry]] = {}
    for wave in waves:
        facts = [row for row in days if row.wave_id == wave.pk]
        own = [row for row in standings if row.wave_id == wave.pk]
        for day, what, number in (*_facts(facts, today), *_plans(wave, own, today)):
            found.setdefault(day, []).append(Entry(what=what, wave=wave, number=number))
    return found


def _facts(facts: list[Day], today: date) -> list[tuple[date, What, int]]:
    """Notices that left on a day; last days of windows, and the next one, which may open; spaces that opened."""
    sent, ends, opened = (_by_day(row for row in facts if row.name in names) for names in (SENT, ENDS, OPENED))
    opens = {day + timedelta(days=1): number for day, number in ends.items()}
    return [
        *((day, What.SENT, number) for day, number in sent.items()),
        *((day, What.ENDS, number) for day, number in ends.items()),
        *((day, What.OPENS, number) for day, number in opens.items() if day > today),
        *((day, What.OPENED, number) for day, number in opened.items()),
    ]


def _plans(wave: Wave, own: list[Standing], today: date) -> list[tuple[date, What, int]]:
    """Days of sending to come, by what waits and the capacity of a day; for a draft only the first one."""
    if wave.state in {Wave.State.CLOSED, Wave.State.CANCELLED} or wave.paused_at is not None:
        return []
    start = max(wave.first_send_on, today)
    if wave.state == Wave.State.DRAFT:
        return [(wave.first_send_on, What.TO_SEND, 0)]
    unsent = [row for row in own if row.state in _UNSENT and not row.hold]
    by_post = wave.channels == Wave.Channels.POST
    letters = sum(row.people for row in unsent if by_post or row.channel == EligiblePerson.Channel.POST)
    mails = sum(row.people for row in unsent) - letters
    load = planning.Load(mails=mails, letters=letters, mails_a_day=wave.mails_a_day, letters_a_day=wave.letters_a_day)
    if not (mails or letters) or planning.never_ends(load):
        return []
    last = planning.plan(first_send_on=start, load=load).last_send_on
    return [
        (start + timedelta(days=number), What.TO_SEND, _of_day(load, number))
        for number in range((last - start).days + 1)
    ]


def _of_day(load: planning.Load, number: int) -> int:
    """Notices that leave on the day `number` of the plan, from 0."""
    ways = ((load.mails, load.mails_a_day), (load.letters, load.letters_a_day))
    return sum(max(0, min(a_day, waiting - number * a_day)) for waiting, a_day in ways)


def _by_day(rows: Iterable[Day]) -> dict[date, int]:
    found: dict[date, int] = {}
    for row in rows:
        found[row.day] = found.get(row.day, 0) + row.number
    return found
