"""What a rehearsal is asked to do, its calendar, and how often things happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from apps.common.dates import PARIS
from apps.rollout.population.plans import PILOT_DEPARTMENTS

FIRST_DAY = date(2026, 9, 14)  # of the notices; their six weeks cross the end of summer time
SENDING_DAYS = 14
NEWCOMERS_DAY, LAST_FILE_DAY = 20, 46  # of the later files of the insurer
STOP_DAY, RESTART_DAY = 45, 46
BOUNCED = 15  # mails in a thousand that come back on the next day
RETURNED = 5  # letters in a thousand that come back ten days later
RETURNED_AFTER = 10
CHANGED_MIND_AFTER = 5
WITHDRAWN = 10  # oppositions in a hundred that are taken back
CONFIRMED = 30  # oppositions in a hundred of people with an older DMP that are confirmed (SPA-21)
DECIDED_AFTER = 7  # days from a conflict to the decision of an operator
CONTESTED = 50  # oppositions for a child in a hundred that the other parent contradicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`population`: lines of the first file. `letters`: how many are really printed; mails are made when `makes_mails`.

    `cores`: processes and connections at work.
    """

    population: int
    days: int = 60
    seed: int = 1
    letters: int = 0
    makes_mails: bool = False
    cores: int = 1
    departments: tuple[str, ...] = PILOT_DEPARTMENTS

    @property
    def imported_on(self) -> date:
        return FIRST_DAY - timedelta(days=10)

    def day(self, number: int) -> date:
        """0 is the day of the first notices."""
        return FIRST_DAY + timedelta(days=number)

    def at(self, number: int, hour: int) -> datetime:
        """An hour of a day, in Paris."""
        return datetime.combine(self.day(number), time(hour), PARIS)
