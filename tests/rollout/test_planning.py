"""Days of a wave (RO-04). September to December 2026: the 11th of November is a Wednesday, Christmas a Friday."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.workdays import is_workday
from apps.rollout.planning import DayOff, Load, days_off, handed_over_on, never_ends, plan


def load(mails=0, letters=0, mails_a_day=100, letters_a_day=100) -> Load:
    return Load(mails=mails, letters=letters, mails_a_day=mails_a_day, letters_a_day=letters_a_day)


def test_rol_12_capacity_a_day_says_the_last_sending():
    made = plan(first_send_on=date(2026, 9, 14), load=load(mails=250, letters=100))
    assert (made.last_mail_on, made.last_letter_on) == (date(2026, 9, 16), date(2026, 9, 14))
    assert made.last_send_on == date(2026, 9, 16)


def test_e_mails_leave_on_sundays_too_letters_wait_for_a_working_day():
    saturday = date(2026, 9, 12)
    made = plan(first_send_on=saturday, load=load(mails=150, letters=100))
    assert (made.last_mail_on, made.last_letter_on) == (date(2026, 9, 13), date(2026, 9, 14))


@pytest.mark.parametrize(
    ("day", "handed"),
    [
        (date(2026, 9, 14), date(2026, 9, 14)),
        (date(2026, 9, 13), date(2026, 9, 14)),
        (date(2026, 11, 11), date(2026, 11, 12)),
        (date(2026, 12, 25), date(2026, 12, 28)),
    ],
)
def test_the_post_takes_letters_on_working_days(day, handed):
    assert handed_over_on(day) == handed


def test_spa_03_six_weeks_from_each_sending():
    made = plan(first_send_on=date(2026, 9, 14), load=load(mails=250))
    assert (made.ends_first, made.opens_first) == (date(2026, 10, 26), date(2026, 10, 27))
    assert (made.ends_last, made.opens_last) == (date(2026, 10, 28), date(2026, 10, 29))


def test_rol_02_the_pilot_goes_out_in_sixteen_days():
    pilot = load(mails=2_543_629, letters=847_876, mails_a_day=160_000, letters_a_day=53_000)
    made = plan(first_send_on=date(2026, 8, 31), load=pilot)
    assert made.last_send_on == date(2026, 9, 15)


def test_without_notices_of_a_way_there_is_no_day():
    made = plan(first_send_on=date(2026, 9, 14), load=load())
    assert (made.last_mail_on, made.last_letter_on, made.last_send_on) == (None, None, date(2026, 9, 14))


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ({"mails": 1, "mails_a_day": 0}, False),
        ({"letters": 1, "letters_a_day": 0}, False),
        ({"mails": 1, "letters_a_day": 0}, True),
        ({"letters": 1, "mails_a_day": 0}, True),
        ({"mails": 3_650, "mails_a_day": 1}, True),
        ({"mails": 3_651, "mails_a_day": 1}, False),
        ({"letters": 3_400_000, "letters_a_day": 1}, False),
        ({}, True),
    ],
)
def test_a_way_without_capacity_or_next_to_none_never_ends(values, ends):
    assert never_ends(load(**values)) is not ends


def test_holidays_and_sundays_are_said():
    armistice = plan(first_send_on=date(2026, 11, 11), load=load(mails=100))
    assert days_off(armistice) == (
        DayOff(day=date(2026, 11, 11), what="first-sending", holiday="Armistice"),
        DayOff(day=date(2026, 11, 11), what="last-sending", holiday="Armistice"),
    )
    sunday = plan(first_send_on=date(2026, 9, 11), load=load(mails=250))
    assert days_off(sunday) == (DayOff(day=date(2026, 9, 13), what="last-sending", holiday=""),)
    christmas = plan(first_send_on=date(2026, 11, 12), load=load(mails=1))
    assert [(one.day, one.what) for one in days_off(christmas)] == [(date(2026, 12, 25), "opening")]


def test_an_ordinary_week_says_nothing():
    assert days_off(plan(first_send_on=date(2026, 9, 14), load=load(mails=1))) == ()


@given(
    first=st.dates(date(2026, 1, 1), date(2029, 12, 31)),
    mails=st.integers(0, 5_000),
    letters=st.integers(0, 5_000),
    a_day=st.integers(1, 700),
)
def test_the_plan_is_in_order_and_long_enough(first, mails, letters, a_day):
    made = plan(first_send_on=first, load=load(mails, letters, a_day, a_day))
    assert first <= made.last_send_on
    assert (made.opens_first - first).days == 43
    assert (made.opens_last - made.last_send_on).days == 43
    assert (made.opens_first - made.ends_first).days == 1
    if made.last_letter_on is not None:
        assert is_workday(made.last_letter_on)
    if mails:
        days = (made.last_mail_on - first).days + 1
        assert (days - 1) * a_day < mails <= days * a_day
