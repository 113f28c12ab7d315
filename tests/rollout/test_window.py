from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.dates import PARIS
from apps.rollout.window import last_day, opening_day, window_end


def paris(*parts):
    return datetime(*parts, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("sent_at", "last", "opens"),
    [
        (paris(2026, 9, 14, 10), date(2026, 10, 26), date(2026, 10, 27)),  # end of summer time in between
        (paris(2026, 3, 1, 23, 59, 59), date(2026, 4, 12), date(2026, 4, 13)),  # begin of summer time in between
        (paris(2028, 2, 1, 0), date(2028, 3, 14), date(2028, 3, 15)),  # with a 29 February
        (paris(2026, 12, 1, 8), date(2027, 1, 12), date(2027, 1, 13)),
    ],
)
def test_s28_the_window_ends_with_day_42_in_paris(sent_at, last, opens):
    end = window_end(sent_at)
    assert last_day(end) == last
    assert opening_day(end) == opens
    assert end == datetime(opens.year, opens.month, opens.day, tzinfo=PARIS)


def test_rol_14_the_day_of_a_sending_late_in_the_evening_is_that_of_paris():
    """22:30 UTC of 14 September is 00:30 of the 15th in Paris."""
    assert last_day(window_end(datetime.fromisoformat("2026-09-14T22:30:00+00:00"))) == date(2026, 10, 27)


def test_spa_03_a_longer_window_may_be_set(settings):
    settings.OPPOSITION_WINDOW_DAYS = 50
    assert last_day(window_end(paris(2026, 9, 14, 10))) == date(2026, 11, 3)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)))  # noqa: DTZ001  local days
def test_rel_06_never_less_than_42_whole_days_and_never_earlier_for_a_later_sending(moment):
    sent_at = moment.replace(tzinfo=PARIS)
    end = window_end(sent_at)
    assert end.astimezone(PARIS).date() - sent_at.date() == timedelta(days=43)
    assert window_end(sent_at + timedelta(seconds=1)) >= end
