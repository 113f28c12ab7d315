"""Charts of figures over time: places that a reader can work out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ui.charts import TICKS
from apps.ui.time_chart import Figure, marks, time_chart

JANUARY = date(2026, 1, 1)


def drawn(*figures):
    values = [Figure(on=JANUARY + timedelta(days=days), number=Decimal(number)) for days, number in figures]
    return time_chart(title="t", summary="s", figures=values, labels=("a", "b"))


@pytest.mark.parametrize(
    ("lowest", "highest", "scale"),
    [
        ("5", "6.1", "5.0 5.5 6.0 6.5"),
        ("0", "30", "0 10 20 30"),
        ("101", "299", "100 200 300"),
        ("5", "5", "5.0 5.2"),
        ("-3", "4", "-5 0 5"),
        ("0", "0", "0.0 0.5"),
        ("0.012", "0.014", "0.012 0.013 0.014"),
    ],
)
def test_the_scale_lies_round_the_figures(lowest, highest, scale):
    assert marks(Decimal(lowest), Decimal(highest)) == tuple(Decimal(mark) for mark in scale.split())


def test_dots_stand_at_their_day_and_their_height():
    chart = drawn((0, "0"), (30, "15"), (120, "30"))
    assert [(dot.x, dot.y) for dot in chart.dots] == [("60", "150"), ("131", "90"), ("344", "30")]
    assert chart.points == "60,150 131,90 344,30"
    assert [(rule.y, rule.label) for rule in chart.rules] == [("150", "0"), ("110", "10"), ("70", "20"), ("30", "30")]


def test_two_figures_of_one_day_stand_side_by_side():
    assert [dot.x for dot in drawn((0, "1"), (0, "2")).dots] == ["60", "344"]


def test_the_scale_has_a_french_comma_and_positions_a_point():
    chart = drawn((0, "5.2"), (7, "6.1"))
    assert [rule.label for rule in chart.rules] == ["5", "5,5", "6", "6,5"]
    assert all("," not in dot.y for dot in chart.dots)


_numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)


@given(_numbers, _numbers)
def test_every_figure_lies_on_the_scale(one, other):
    scale = marks(min(one, other), max(one, other))
    assert scale[0] <= min(one, other) <= max(one, other) <= scale[-1]
    assert 2 <= len(scale) <= TICKS + 1
    assert len({scale[place + 1] - scale[place] for place in range(len(scale) - 1)}) == 1


@given(st.lists(_numbers, min_size=2, max_size=20))
def test_nothing_is_drawn_outside(numbers):
    chart = drawn(*enumerate(numbers))
    assert all(60 <= float(dot.x) <= 344 and 30 <= float(dot.y) <= 150 for dot in chart.dots)
