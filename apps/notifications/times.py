"""When a mail is due: the end of a grouping window, or the next morning of a digest, on the clock of Paris (NOT-18)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from apps.common.dates import PARIS
from apps.notifications.kinds import Frequency

DIGEST_HOUR = time(8)
_WEEK = 7
_MONDAY = 0


def window_of(at: datetime, *, minutes: int) -> tuple[datetime, datetime]:
    """Start and end of the window of that many minutes in which `at` falls; windows of an hour start with the hour."""
    length = minutes * 60
    start = datetime.fromtimestamp(int(at.timestamp()) // length * length, tz=UTC)
    return start, start + timedelta(seconds=length)


def next_digest(at: datetime, *, frequency: Frequency) -> datetime:
    """The next 8 o'clock in Paris after `at`, every day or on Mondays; the wall clock counts, whatever summer time
    does.
    """
    local = at.astimezone(PARIS)
    day = local.date() if local.time() < DIGEST_HOUR else local.date() + timedelta(days=1)
    if frequency is Frequency.WEEKLY:
        day += timedelta(days=(_MONDAY - day.weekday()) % _WEEK)
    return _morning_of(day)


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, DIGEST_HOUR, tzinfo=PARIS)
