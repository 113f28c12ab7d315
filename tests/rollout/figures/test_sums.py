"""Sums, curves and rates of rows written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rollout.figures import curves, rates, sums
from apps.rollout.figures.counting import Day, Group, Standing
from apps.rollout.figures.curves import Point
from apps.rollout.models import EligiblePerson

FIRST, SECOND = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 9, 7)


def standing(state: str, people: int, *, wave: UUID | None = FIRST, hold: str = "", noticed: bool = True) -> Standing:
    return Standing(wave_id=wave, state=state, hold=hold, reason="", channel="courriel", noticed=noticed, people=people)


def fact(day: date, number: int, name: str = "opened", wave: UUID | None = FIRST) -> Day:
    return Day(wave_id=wave, day=day, name=name, number=number)


def test_sums_of_one_wave_by_hand():
    found = sums.of(
        [
            standing("ELIGIBLE", 5, noticed=False),
            standing("ELIGIBLE", 2, noticed=False, hold="no-representative"),
            standing("NOTICE_SENT", 100),
            standing("OPEN", 800),
            standing("OPEN_ACTIVE", 50),
            standing("OPEN", 3, noticed=False),
            standing("OPPOSED", 11),
            standing("OPPOSED_DMP_KEPT", 4),
            standing("OPPOSED", 1, hold="conflict"),
            standing("OPEN_FAILED", 7),
            standing("NOT_OPENED_DEATH", 6),
            standing("NOT_ELIGIBLE", 9),
        ]
    )

    assert found == sums.Sums(
        people=998,
        noticed=988,
        done=888,
        opened=853,
        opened_of_done=850,
        activated=50,
        activated_of_done=50,
        opposed=16,
        opposed_of_done=16,
        failed=7,
        dead=6,
        not_eligible=9,
        held=2,
    )


@given(
    st.lists(
        st.builds(
            standing,
            st.sampled_from(EligiblePerson.State.values),
            st.integers(1, 1_000),
            hold=st.sampled_from(["", "claim", "double"]),
            noticed=st.booleans(),
        ),
        max_size=30,
    )
)
def test_steps_of_the_funnel_never_widen(rows):
    found = sums.of(rows)

    steps = (found.people, found.noticed, found.done, found.opened_of_done, found.activated_of_done)
    assert all(before >= after for before, after in pairwise(steps))
    assert found.opened_of_done + found.opposed_of_done <= found.done


def test_sums_by_wave_keep_people_without_one():
    rows = [standing("OPEN", 2), standing("OPEN", 3, wave=SECOND), standing("ELIGIBLE", 4, wave=None, noticed=False)]

    assert {wave: found.people for wave, found in sums.by_wave(rows).items()} == {FIRST: 2, SECOND: 3, None: 4}
    assert sums.of_waves(rows, [SECOND, None]) == rows[1:]


def test_facts_of_some_names():
    assert sums.of_names([fact(MONDAY, 3), fact(MONDAY, 4, "closed")], ["closed", "returned"]) == 4


def test_a_month_has_a_point_a_day():
    facts = [fact(MONDAY, 5), fact(MONDAY + timedelta(days=2), 7), fact(MONDAY + timedelta(days=2), 9, "closed")]
    at = curves.marks(facts, until=MONDAY + timedelta(days=3))

    assert curves.curve(facts, ["opened"], at) == (
        Point(day=date(2026, 9, 7), number=5),
        Point(day=date(2026, 9, 8), number=5),
        Point(day=date(2026, 9, 9), number=12),
        Point(day=date(2026, 9, 10), number=12),
    )


def test_longer_times_have_a_point_a_week_and_the_last_day():
    at = curves.marks([fact(MONDAY, 1)], until=date(2026, 11, 25))

    assert at[0] == date(2026, 9, 13)
    assert at[-2:] == (date(2026, 11, 22), date(2026, 11, 25))
    assert len(at) == 12


def test_facts_of_days_to_come_are_left_out():
    facts = [fact(MONDAY, 5), fact(MONDAY + timedelta(days=9), 7)]
    at = curves.marks(facts, until=MONDAY)

    assert curves.curve(facts, curves.OPENED, at) == (Point(day=MONDAY, number=5),)


def test_no_facts_no_points():
    assert curves.marks([], until=MONDAY) == ()
    assert curves.curve([], curves.SENT, ()) == ()


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 50)), max_size=40))
def test_a_curve_grows_to_the_sum_of_all(pairs):
    facts = [fact(MONDAY + timedelta(days=offset), number) for offset, number in pairs]
    at = curves.marks(facts, until=MONDAY + timedelta(days=200))
    numbers = [point.number for point in curves.curve(facts, curves.OPENED, at)]

    assert all(before <= after for before, after in pairwise(numbers))
    assert not numbers or numbers[-1] == sum(number for _offset, number in pairs)


def groups() -> Iterator[Group]:
    for department, age, people, opened, opposed in (
        ("44", 1, 500, 450, 40), ("44", 5, 300, 270, 25), ("31", 1, 400, 350, 45), ("", 1, 100, 80, 15),
    ):  # fmt: skip
        yield Group(
            stage="pilot", department=department, age=age, people=people, opened=opened, activated=30, opposed=opposed
        )


def test_rates_by_department_put_the_unknown_one_last():
    table = rates.by_department(list(groups()))

    assert [(row.key, row.people, row.opened, row.opposed) for row in table.rows] == [
        ("31", 400, 350, 45),
        ("44", 800, 720, 65),
        ("", 100, 80, 15),
    ]
    assert (table.total.people, table.total.activated) == (1_300, 120)
    assert table.hides is False


def test_rates_by_age_follow_the_classes():
    assert [(row.key, row.people) for row in rates.by_age(list(groups())).rows] == [(1, 1_000), (5, 300)]


def test_rates_say_that_they_hide():
    small = Group(stage="pilot", department="80", age=1, people=20, opened=11, activated=1, opposed=9)
    table = rates.by_department([*groups(), small])

    assert table.rows[2].key == "80"
    assert table.rows[2].opposed is None
    assert table.hides is True


@pytest.mark.parametrize("table", [rates.by_department, rates.by_age])
def test_rates_of_nobody(table):
    assert table([]).rows == ()
