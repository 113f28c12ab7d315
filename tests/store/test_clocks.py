"""Ends of terms (STO-82): working days, months, a clock that stands still."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.store import clocks, due
from apps.store.states import Queue, Status, Term
from apps.store.states.machine import Unit

PARIS = ZoneInfo("Europe/Paris")
THURSDAY = datetime(2026, 12, 24, 10, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("term", "last"),
    [
        (Term(number=1, unit=Unit.WORKDAYS), date(2026, 12, 28)),  # Christmas, Saturday, Sunday
        (Term(number=5, unit=Unit.WORKDAYS), date(2027, 1, 4)),  # and 1 January
        (Term(number=30), date(2027, 1, 23)),
        (Term(number=2, unit=Unit.MONTHS), date(2027, 2, 24)),
    ],
)
def test_sto_82_a_term_ends_at_23_59_59_in_paris(term, last):
    assert clocks.end_of(term, since=THURSDAY) == datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("day", "number", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 2, date(2027, 2, 15)),
        (date(2026, 11, 30), 36, date(2029, 11, 30)),
    ],
)
def test_months_end_on_the_last_day_of_shorter_ones(day, number, after):
    assert clocks.months_after(day, number) == after


def test_end_of_summer_time_shortens_no_term():
    since = datetime(2026, 10, 24, 23, 30, tzinfo=PARIS)
    assert clocks.end_of(Term(number=1), since=since).astimezone(PARIS).isoformat() == "2026-10-25T23:59:59+01:00"


def test_sto_82_a_stopped_clock_counts_by_intervals():
    first, stop, again = (datetime(2026, 3, day, 9, tzinfo=PARIS) for day in (2, 12, 22))
    intervals = [(first, stop), (again, None)]
    at = datetime(2026, 3, 27, 9, tzinfo=PARIS)
    assert clocks.days_run(intervals, at=at) == 15
    ends = clocks.end_of_running(Term(number=60, is_running_clock=True), intervals=intervals, at=at)
    assert ends.astimezone(PARIS).date() == at.date() + timedelta(days=45)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(start=moments, days=st.integers(0, 100), pause=st.integers(0, 100))
def test_a_pause_moves_the_end_by_its_length(start, days, pause):
    """The sum of days that ran is the same however long the clock stood."""
    stop = start + timedelta(days=days)
    again = stop + timedelta(days=pause)
    run = clocks.days_run([(start, stop), (again, None)], at=again)
    assert run == (stop.astimezone(PARIS).date() - start.astimezone(PARIS).date()).days


class TestReminders:
    SINCE = datetime(2026, 12, 1, 10, tzinfo=PARIS)
    DUE = datetime(2026, 12, 31, 23, 59, 59, tzinfo=PARIS)

    def test_sto_53_fifteen_five_and_one_day_before(self):
        moments = due.reminders(status=Status.INCOMPLETE, since=self.SINCE, due_at=self.DUE)
        assert [(left, moment.day) for left, moment in moments] == [(15, 16), (5, 26), (1, 30)]

    def test_rv_06_complements_at_half_and_three_days_before(self):
        moments = due.reminders(status=Status.COMPLEMENT, since=self.SINCE, due_at=self.DUE)
        assert [(left, moment.day) for left, moment in moments] == [(15, 16), (3, 28)]

    def test_none_before_the_term_began(self):
        since = self.DUE - timedelta(days=3)
        assert [left for left, _m in due.reminders(status=Status.INCOMPLETE, since=since, due_at=self.DUE)] == [1]

    def test_the_sweep_wakes_for_the_next_one_then_for_the_end(self):
        at = datetime(2026, 12, 30, 23, 59, 59, tzinfo=PARIS)
        wakes = due.wakes_at(status=Status.INCOMPLETE, queue=Queue.PUBLISHER, since=self.SINCE, due_at=self.DUE, at=at)
        assert wakes == self.DUE + timedelta(seconds=1)

    def test_nobody_is_waked_for_the_terms_of_the_back_office(self):
        wakes = due.wakes_at(
            status=Status.ADMISSIBILITY, queue=Queue.DESK, since=self.SINCE, due_at=self.DUE, at=self.SINCE
        )
        assert wakes is None
