"""Scales end on round numbers, nothing leaves the drawing, and a reader of the screen gets title and sentence."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from apps.ui.charts import BOTTOM, LEFT, RIGHT, TICKS, TOP, WIDTH, Value, bar_chart, funnel, line_chart, short, ticks

XSS = """"><script>alert(1)</script>"""
NUMBERS = st.integers(min_value=0, max_value=70_000_000)


def values(*numbers: int) -> list[Value]:
    return [Value(label=f"p{place}", number=number) for place, number in enumerate(numbers)]


def line(*numbers: int):
    return line_chart(title="Courbe", summary="Phrase.", values=values(*numbers))


def places(chart) -> list[tuple[float, float]]:
    return [tuple(map(float, point.split(","))) for point in chart.points.split()]


@pytest.mark.parametrize(
    ("highest", "marks"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (5, (0, 2, 4, 6)),
        (612, (0, 200, 400, 600, 800)),
        (1_110, (0, 500, 1_000, 1_500)),
        (61_050, (0, 20_000, 40_000, 60_000, 80_000)),
        (3_391_505, (0, 1_000_000, 2_000_000, 3_000_000, 4_000_000)),
    ],
)
def test_marks_of_a_scale(highest, marks):
    assert ticks(highest) == marks


@given(NUMBERS)
def test_a_scale_has_even_round_steps_and_holds_its_highest_value(highest):
    marks = ticks(highest)
    steps = {after - before for before, after in pairwise(marks)}

    assert marks[0] == 0
    assert marks[-1] >= highest
    assert len(steps) == 1
    assert re.fullmatch(r"[125]0*", str(steps.pop()))
    assert 1 <= len(marks) - 1 <= TICKS


@given(NUMBERS)
def test_a_scale_is_no_longer_than_it_needs_to_be(highest):
    marks = ticks(highest)

    assert highest <= 1 or marks[-2] < highest


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (600, "600"),
        (1_500, "1\u00a0500"),
        (35_000, "35\u00a0k"),
        (1_000_000, "1\u00a0M"),
        (2_500_000, "2,5\u00a0M"),
    ],
)
def test_numbers_of_a_scale_are_short(number, words):
    with translation.override("fr"):
        assert short(number) == words


def test_a_curve_of_three_values_can_be_checked_by_hand():
    chart = line(0, 50, 100)

    assert [rule.label for rule in chart.rules] == ["0", "50", "100"]
    assert [rule.y for rule in chart.rules] == ["150", "90", "30"]
    assert chart.points == "60,150 202,90 344,30"
    assert chart.area == "M60,150 L60,150 L202,90 L344,30 L344,150 Z"
    assert [(dot.x, dot.y) for dot in chart.dots] == [("344", "30")]
    assert (chart.first_label, chart.last_label) == ("p0", "p2")


def test_a_single_value_is_a_point_with_one_label():
    chart = line(7)

    assert chart.points == "344,45"  # 7 of 8
    assert chart.first_label == ""
    assert chart.last_label == "p0"


@given(st.lists(NUMBERS, min_size=1, max_size=400))
def test_no_point_of_a_curve_leaves_its_frame(numbers):
    found = places(line(*numbers))

    assert len(found) == len(numbers)
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in found)
    assert all(before[0] <= after[0] for before, after in pairwise(found))


@given(st.lists(NUMBERS, min_size=2, max_size=50))
def test_a_curve_that_never_falls_is_drawn_so(numbers):
    found = places(line(*sorted(numbers)))

    assert all(before[1] >= after[1] for before, after in pairwise(found))


def test_bars_share_the_width_in_proportion():
    chart = bar_chart(title="Canaux", summary="Phrase.", values=values(300, 150, 0))

    assert [bar.width for bar in chart.bars] == ["360", "180", "0"]
    assert [bar.y for bar in chart.bars] == ["28", "86", "144"]
    assert chart.view_box == "0 0 360 174"


@given(st.lists(NUMBERS, max_size=30))
def test_no_bar_is_outside_the_drawing(numbers):
    chart = bar_chart(title="t", summary="s", values=values(*numbers))
    height = float(chart.view_box.split()[-1])

    assert all(0 <= float(bar.width) <= WIDTH for bar in chart.bars)
    assert all(float(bar.y) + float(chart.thickness) <= height for bar in chart.bars)
    assert not any(numbers) or max(float(bar.width) for bar in chart.bars) == WIDTH


def test_a_funnel_is_measured_by_its_first_step():
    chart = funnel(
        title="t", summary="s", values=[Value(label="a", number=200), Value(label="b", number=50, note="25 %")]
    )

    assert [(bar.width, bar.value) for bar in chart.bars] == [("360", "200"), ("90", "50 (25 %)")]


def test_shares_are_left_to_the_table_where_one_of_them_has_no_room():
    long, short_one = "une étape au nom plutôt long", "b"
    chart = bar_chart(
        title="t", summary="s",
        values=[Value(label=long, number=12_345, note="50,0 %"), Value(label=short_one, number=5, note="1,0 %")],
    )  # fmt: skip

    assert all("%" not in bar.value for bar in chart.bars)


def test_a_funnel_does_not_widen():
    with pytest.raises(ValueError, match="p1"):
        funnel(title="t", summary="s", values=values(1, 2))


def test_a_number_that_may_not_be_shown_has_words_and_no_length():
    steps = [Value(label="a", number=200), Value(label="b", number=0, words="…"), Value(label="c", number=50)]

    assert [(bar.value, bar.width) for bar in funnel(title="t", summary="s", values=steps).bars] == [
        ("200", "360"),
        ("…", "0"),
        ("50", "90"),
    ]


def test_nothing_yet_is_drawn_without_dividing_by_it():
    assert [bar.width for bar in funnel(title="t", summary="s", values=values(0, 0)).bars] == ["0", "0"]
    assert line(0, 0).points == "60,150 344,150"


CHARTS = {
    "line": line_chart(
        title=XSS, summary=XSS, values=[Value(label=XSS, number=12_345), Value(label=XSS, number=99_999)]
    ),
    "bars": bar_chart(title=XSS, summary=XSS, values=[Value(label=XSS, number=12_345, note=XSS)]),
}


def drawn(chart) -> str:
    with translation.override("fr"):
        return Template("{% load ens_ui %}{% chart c 'k' %}").render(Context({"c": chart}))


@pytest.mark.parametrize("name", CHARTS)
def test_sec_07_words_are_escaped_and_nothing_is_inline(name):
    written = drawn(CHARTS[name])

    assert "<script" not in written
    assert " style=" not in written


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_one_image_with_a_name_and_a_sentence(name):
    page = html.fromstring(f"<div>{drawn(CHARTS[name])}</div>")
    image = page.find(".//svg")

    assert image.get("role") == "img"
    assert page.get_element_by_id(image.get("aria-labelledby")).text == XSS
    assert page.get_element_by_id(image.get("aria-describedby")).text == XSS


@pytest.mark.parametrize("name", CHARTS)
def test_positions_have_no_decimal_comma_in_french(name):
    written = drawn(CHARTS[name])

    for attribute in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"):
        for value in re.findall(rf' {attribute}="([^"]*)"', written):
            assert re.fullmatch(r"\d+(\.\d)?", value), (attribute, value)
