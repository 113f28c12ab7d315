"""The calendar: what happened up to today, what is planned from today on."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from apps.rollout.figures.counting import Day, Standing
from apps.rollout.figures.months import Month, What, month
from apps.rollout.models import Wave

WAVE = Wave(
    id=uuid4(), number=2, name="Somme", state="notifying", first_send_on=date(2026, 9, 14), mails_a_day=100,
    letters_a_day=40,
)  # fmt: skip


def wave(**values: Any) -> Wave:
    defaults = {
        "id": uuid4(), "number": 3, "name": "Sarthe", "state": "notifying", "first_send_on": date(2026, 9, 14),
        "mails_a_day": 100, "letters_a_day": 40,
    }  # fmt: skip
    return Wave(**{**defaults, **values})


def waiting(of: Wave, people: int, *, channel: str = "courriel", state: str = "ELIGIBLE", hold: str = "") -> Standing:
    return Standing(wave_id=of.pk, state=state, hold=hold, reason="", channel=channel, noticed=False, people=people)


def fact(day: date, name: str, number: int, of: Wave = WAVE) -> Day:
    return Day(wave_id=of.pk, day=day, name=name, number=number)


def seen(first: date, *, today: date, waves=(WAVE,), days=(), standings=()) -> Month:
    return month(first=first, today=today, waves=waves, days=days, standings=standings)


def entries(found: Month) -> dict[str, list[tuple[str, int]]]:
    days = {day.day.isoformat(): [(one.what.value, one.number) for one in day.entries] for day in found.days}
    return {day: lines for day, lines in days.items() if lines}


def test_a_month_has_whole_weeks_that_start_on_monday():
    found = seen(date(2026, 11, 1), today=date(2026, 11, 25))

    assert [week[0].day.isoformat() for week in found.weeks][:2] == ["2026-10-26", "2026-11-02"]
    assert all(len(week) == 7 for week in found.weeks)
    assert [day.day.day for week in found.weeks for day in week if day.is_inside] == list(range(1, 31))
    assert [day.day.isoformat() for week in found.weeks for day in week if day.is_today] == ["2026-11-25"]
    assert (found.before, found.after) == (date(2026, 10, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("first", "before", "after"),
    [
        (date(2026, 1, 1), date(2025, 12, 1), date(2026, 2, 1)),
        (date(2026, 12, 1), date(2026, 11, 1), date(2027, 1, 1)),
        (date(2028, 2, 1), date(2028, 1, 1), date(2028, 3, 1)),
    ],
)
def test_months_follow_each_other(first, before, after):
    found = seen(first, today=first)

    assert (found.before, found.after) == (before, after)


def test_french_holidays_and_weekends_are_days_off():
    days = {day.day: day for week in seen(date(2026, 11, 1), today=date(2026, 11, 25)).weeks for day in week}

    assert days[date(2026, 11, 11)].holiday == "Armistice"
    assert days[date(2026, 11, 11)].is_off
    assert days[date(2026, 11, 14)].is_off
    assert not days[date(2026, 11, 13)].is_off


def test_notices_that_left_end_six_weeks_later_and_open_on_day_43():
    facts = [
        fact(date(2026, 9, 14), "sent-mail", 70), fact(date(2026, 9, 14), "sent-post", 30),
        fact(date(2026, 10, 26), "ends", 97),
    ]  # fmt: skip

    assert entries(seen(date(2026, 9, 1), today=date(2026, 9, 20), days=facts)) == {"2026-09-14": [("sent", 100)]}
    assert entries(seen(date(2026, 10, 1), today=date(2026, 9, 20), days=facts)) == {
        "2026-10-26": [("ends", 97)],
        "2026-10-27": [("opens", 97)],
    }


def test_past_openings_are_told_by_the_spaces_that_opened():
    facts = [fact(date(2026, 10, 26), "ends", 100), fact(date(2026, 10, 27), "opened", 98)]

    assert entries(seen(date(2026, 10, 1), today=date(2026, 11, 1), days=facts)) == {
        "2026-10-26": [("ends", 100)],
        "2026-10-27": [("opened", 98)],
    }


def test_what_waits_is_planned_by_the_capacity_of_a_day():
    own = wave(first_send_on=date(2026, 12, 1))
    rows = [waiting(own, 250), waiting(own, 40, channel="courrier"), waiting(own, 99, hold="no-representative")]

    found = seen(date(2026, 12, 1), today=date(2026, 11, 25), waves=[own], standings=rows)

    assert entries(found) == {
        "2026-12-01": [("to-send", 140)],
        "2026-12-02": [("to-send", 100)],
        "2026-12-03": [("to-send", 50)],
    }


def test_plans_start_today_when_the_first_day_is_past():
    rows = [waiting(WAVE, 150, state="NOTICE_QUEUED")]

    assert entries(seen(date(2026, 9, 1), today=date(2026, 9, 16), standings=rows)) == {
        "2026-09-16": [("to-send", 100)],
        "2026-09-17": [("to-send", 50)],
    }


def test_a_wave_by_post_sends_letters_to_everybody():
    own = wave(first_send_on=date(2026, 12, 1), channels="post")

    found = seen(date(2026, 12, 1), today=date(2026, 11, 25), waves=[own], standings=[waiting(own, 50)])

    assert entries(found)["2026-12-01"] == [("to-send", 40)]


def test_a_draft_shows_its_first_day_without_a_number():
    own = wave(state="draft", first_send_on=date(2026, 12, 7))

    found = seen(date(2026, 12, 1), today=date(2026, 11, 25), waves=[own])

    assert [(day.day.day, day.entries[0].what, day.entries[0].number) for day in found.days if day.entries] == [
        (7, What.TO_SEND, 0)
    ]


@pytest.mark.parametrize(
    "values", [{"state": "closed"}, {"state": "cancelled"}, {"mails_a_day": 0, "letters_a_day": 1}]
)
def test_waves_that_send_nothing_more_plan_nothing(values):
    own = wave(first_send_on=date(2026, 12, 1), **values)
    found = seen(date(2026, 12, 1), today=date(2026, 11, 25), waves=[own], standings=[waiting(own, 50)])

    assert entries(found) == {}


def test_days_round_the_month_have_no_entries():
    facts = [fact(date(2026, 10, 31), "sent-mail", 5)]
    found = seen(date(2026, 11, 1), today=date(2026, 11, 25), days=facts)

    assert all(not day.entries for week in found.weeks for day in week if not day.is_inside)


def test_the_list_of_a_phone_has_days_with_something_to_say():
    found = seen(date(2026, 11, 1), today=date(2026, 11, 25), days=[fact(date(2026, 11, 3), "sent-mail", 5)])

    assert [day.day.day for day in found.days] == [1, 3, 11]
