"""Days of a wave: sendings by its capacity, end of the six weeks, openings, and days that deserve a warning (RO-04).

The machine prepares on every day of the week; what goes by post is handed over on the next working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from apps.common.dates import midnight
from apps.common.workdays import add_workdays, holiday_name, is_workday
from apps.rollout.window import last_day, opening_day, window_end

SUNDAY = 6
YEARS = range(2000, 2100)  # of a plan and of the calendar
LONGEST = 3_650  # days of sending: ten years are no plan, they are a slip of the pen


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many notices go by which way, and how many a day."""

    mails: int
    letters: int
    mails_a_day: int
    letters_a_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Dates of one wave; `last_mail_on` and `last_letter_on` are None without such notices.

    `ends_first` and `ends_last` are the last days on which the first and the last people may oppose.
    """

    first_send_on: date
    last_mail_on: date | None
    last_letter_on: date | None
    ends_first: date
    ends_last: date
    opens_first: date
    opens_last: date

    @property
    def last_send_on(self) -> date:
        """The day of the last notice, by whichever way."""
        return max(self.last_mail_on or self.first_send_on, self.last_letter_on or self.first_send_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A day of the plan on which people do not expect it: `holiday` is its name, empty for a Sunday."""

    day: date
    what: str
    holiday: str


def never_ends(load: Load) -> bool:
    """Whether notices of a way wait for ever, because that way has no capacity or next to none."""
    return load.mails > LONGEST * load.mails_a_day or load.letters > LONGEST * load.letters_a_day


def plan(*, first_send_on: date, load: Load) -> Plan:
    """Dates for a load that ends (see `never_ends`)."""
    last_mail_on = _last(first_send_on, load.mails, load.mails_a_day)
    made_on = _last(first_send_on, load.letters, load.letters_a_day)
    last_letter_on = handed_over_on(made_on) if made_on is not None else None
    last = max(last_mail_on or first_send_on, last_letter_on or first_send_on)
    first_end, last_end = window_end(midnight(first_send_on)), window_end(midnight(last))
    return Plan(
        first_send_on=first_send_on,
        last_mail_on=last_mail_on,
        last_letter_on=last_letter_on,
        ends_first=last_day(first_end),
        ends_last=last_day(last_end),
        opens_first=opening_day(first_end),
        opens_last=opening_day(last_end),
    )


def handed_over_on(day: date) -> date:
    """The day on which letters made on `day` reach the post."""
    return day if is_workday(day) else add_workdays(day, 1)


def days_off(made: Plan) -> tuple[DayOff, ...]:
    """Days of the plan that are a Sunday or a public holiday: allowed, but worth a thought."""
    named = (("first-sending", made.first_send_on), ("last-sending", made.last_send_on), ("opening", made.opens_first))
    found = [DayOff(day=day, what=what, holiday=holiday_name(day) or "") for what, day in named]
    return tuple(one for one in found if one.holiday or one.day.weekday() == SUNDAY)


def _last(first: date, number: int, a_day: int) -> date | None:
    """Day on which the last of `number` leaves; None where there is nothing or no capacity."""
    if not number or not a_day:
        return None
    return first + timedelta(days=ceil(number / a_day) - 1)
