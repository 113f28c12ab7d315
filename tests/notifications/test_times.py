"""Hours of mails on the clock of Paris (NOT-18)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.dates import PARIS
from apps.notifications.kinds import Frequency
from apps.notifications.times import next_digest, window_of

# Hypothesis wants bounds without a zone.
_FIRST, _LAST = datetime(2026, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001
instants = st.datetimes(min_value=_FIRST, max_value=_LAST, timezones=st.just(UTC))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (utc(2026, 11, 25, 6, 59), utc(2026, 11, 25, 7)),  # 7:59 in Paris
        (utc(2026, 11, 25, 7), utc(2026, 11, 26, 7)),  # 8:00 in Paris: for tomorrow
        (utc(2026, 3, 28, 12), utc(2026, 3, 29, 6)),  # the night of summer time
        (utc(2026, 10, 24, 12), utc(2026, 10, 25, 7)),  # the night of winter time
        (utc(2026, 12, 31, 12), utc(2027, 1, 1, 7)),
    ],
)
def test_not_18_daily_is_8_in_paris_whatever_summer_time_does(at, due):
    assert next_digest(at, frequency=Frequency.DAILY) == due


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (utc(2026, 11, 25, 12), utc(2026, 11, 30, 7)),  # a Wednesday
        (utc(2026, 11, 30, 6), utc(2026, 11, 30, 7)),  # Monday at 7 in Paris
        (utc(2026, 11, 30, 7), utc(2026, 12, 7, 7)),
        (utc(2026, 11, 29, 23, 30), utc(2026, 11, 30, 7)),  # Monday already in Paris
    ],
)
def test_not_18_weekly_is_monday_at_8_in_paris(at, due):
    assert next_digest(at, frequency=Frequency.WEEKLY) == due


@given(instants, st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]))
def test_a_digest_is_later_at_8_and_not_later_than_its_period(at, frequency):
    due = next_digest(at, frequency=frequency)

    days = 7 if frequency is Frequency.WEEKLY else 1
    assert at < due <= at + timedelta(days=days, hours=1)
    assert due.astimezone(PARIS).hour == 8
    assert frequency is Frequency.DAILY or due.astimezone(PARIS).weekday() == 0


@given(instants, st.integers(min_value=1, max_value=60).filter(lambda number: 60 % number == 0))
def test_every_instant_is_in_one_window_that_starts_with_the_hour(at, minutes):
    start, end = window_of(at, minutes=minutes)

    assert start <= at < end
    assert end - start == timedelta(minutes=minutes)
    assert (start.minute % minutes, start.second) == (0, 0)
