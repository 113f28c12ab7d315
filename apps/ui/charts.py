"""Charts that the server draws: from values to what a template writes as SVG, without script and style.

Every chart has a title, a sentence that says what it shows, and its values as a table beside it. Positions are texts:
the template must not write them with a decimal comma.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import number_format

WIDTH = 360  # of the drawing; the page scales it
LEFT, RIGHT, TOP, BOTTOM = 60, 344, 30, 150  # where the curve may be
HEIGHT = 184
ROW = 58  # of one bar with its words
TICKS = 4  # steps of a scale at most
LETTERS = 34  # of the words of a bar on one line, in the letters of a phone
_STEPS = (1, 2, 5)
_KILO, _MEGA = 1_000, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value with the words that stand beside it, in the table and on the drawing; `note` as a share.

    `words` stand for a number that may not be shown: its bar has no length.
    """

    label: str
    number: int
    note: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A line of the grid at `y`, with its words."""

    y: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """Place of one value on the drawing."""

    x: str
    y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """One curve. `points` of the polyline, `area` below it as a path (empty for a scale that does not begin at zero),
    the `dots` that stand out.
    """

    title: str
    summary: str
    rules: tuple[Rule, ...]
    points: str
    area: str
    dots: tuple[Dot, ...]
    first_label: str
    last_label: str

    kind = "line"
    view_box = f"0 0 {WIDTH} {HEIGHT}"
    left, right, foot = str(LEFT), str(RIGHT), str(BOTTOM + 24)
    gutter = str(LEFT - 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar below its words; `words_y` and `y` are the places of both."""

    label: str
    value: str
    words_y: str
    y: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars from the left, longest = the whole width; also the funnel, whose first bar is the whole."""

    title: str
    summary: str
    bars: tuple[Bar, ...]

    kind = "bars"
    full, thickness = str(WIDTH), "18"

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH} {ROW * len(self.bars)}"


def ticks(highest: int) -> tuple[int, ...]:
    """Marks of a scale from 0 to `highest` or a little above, 2 to `TICKS` steps of 1, 2 or 5 times a power of ten."""
    if highest <= 1:
        return (0, 1)
    power = 1
    while True:
        for base in _STEPS:
            step = base * power
            steps = -(-highest // step)
            if steps <= TICKS:
                return tuple(step * number for number in range(steps + 1))
        power *= 10


def short(number: int) -> str:
    """A number as a scale writes it: 600, 1 200, 35 k, 1,5 M."""
    for unit, sign, least in ((_MEGA, "M", _MEGA), (_KILO, "k", 10 * _KILO)):
        if number >= least:
            shown = number // unit if number % unit == 0 else round(number / unit, 1)
            return f"{number_format(shown)}\u00a0{sign}"
    return number_format(number, force_grouping=True)


def line_chart(*, title: str, summary: str, values: Sequence[Value]) -> LineChart:
    """A curve through `values`, evenly spaced, from 0 up; a single value is one point at the right edge."""
    scale = ticks(max(value.number for value in values))
    places = [(_x(place, len(values)), _y(value.number, scale[-1])) for place, value in enumerate(values)]
    points = " ".join(f"{x},{y}" for x, y in places)
    (first_x, _first_y), (last_x, last_y) = places[0], places[-1]
    return LineChart(
        title=title,
        summary=summary,
        rules=tuple(Rule(y=_y(mark, scale[-1]), label=short(mark)) for mark in scale),
        points=points,
        area=f"M{first_x},{BOTTOM} L{' L'.join(points.split())} L{last_x},{BOTTOM} Z",
        dots=(Dot(x=last_x, y=last_y),),
        first_label=values[0].label if len(values) > 1 else "",
        last_label=values[-1].label,
    )


def bar_chart(*, title: str, summary: str, values: Sequence[Value]) -> BarChart:
    """One bar a value, in the order given; the longest takes the whole width."""
    return _bars(title, summary, values, max((value.number for value in values), default=0))


def funnel(*, title: str, summary: str, values: Sequence[Value]) -> BarChart:
    """Steps of which each holds people of the one before; the first is the whole width.

    Raises `ValueError` when a step holds more than the one before; steps in words are passed over.
    """
    for before, after in pairwise(value for value in values if not value.words):
        if after.number > before.number:
            raise ValueError(after.label)
    return _bars(title, summary, values, values[0].number if values else 0)


def _bars(title: str, summary: str, values: Sequence[Value], whole: int) -> BarChart:
    """Shares stand beside the numbers where there is room for all of them; the table has them anyhow."""
    numbers = [value.words or number_format(value.number, force_grouping=True) for value in values]
    full = [f"{shown} ({value.note})" if value.note else shown for shown, value in zip(numbers, values, strict=True)]
    fits = all(len(value.label) + len(words) <= LETTERS for value, words in zip(values, full, strict=True))
    bars = tuple(
        Bar(
            label=value.label,
            value=words,
            words_y=str(ROW * place + 20),
            y=str(ROW * place + 28),
            width=_text(WIDTH * value.number / whole if whole else 0),
        )
        for place, (value, words) in enumerate(zip(values, full if fits else numbers, strict=True))
    )
    return BarChart(title=title, summary=summary, bars=bars)


def _x(place: int, number: int) -> str:
    return _text(RIGHT if number == 1 else LEFT + (RIGHT - LEFT) * place / (number - 1))


def _y(value: int, highest: int) -> str:
    return _text(BOTTOM - (BOTTOM - TOP) * value / highest)


def _text(position: float) -> str:
    """One decimal at most, with a point."""
    return f"{position:.1f}".removesuffix(".0")
