"""A chart of figures over time: each figure a dot at its day, joined by a line; see `apps.ui.charts` for the rest.

The scale begins near the lowest figure, not at zero: there is no area below the line that could be taken for a share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.utils.formats import number_format

from apps.ui.charts import BOTTOM, LEFT, RIGHT, TICKS, TOP, Dot, LineChart, Rule

_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure and its day."""

    on: date
    number: Decimal


def marks(lowest: Decimal, highest: Decimal) -> tuple[Decimal, ...]:
    """Marks of a scale round all figures, one to `TICKS` steps of 1, 2 or 5 times a power of ten."""
    step = _step(highest - lowest or abs(highest) / 10 or Decimal(1))
    first = (lowest / step).to_integral_value(ROUND_FLOOR) * step
    last = (highest / step).to_integral_value(ROUND_CEILING) * step
    number = int((last - first) / step) or 1
    return tuple(first + step * place for place in range(number + 1))


def _step(span: Decimal) -> Decimal:
    """The smallest one that is needed `TICKS - 1` times at most: where the figures begin may ask for one more."""
    wanted = span / (TICKS - 1)
    power = Decimal(10) ** wanted.adjusted()
    return next(base * power for base in _STEPS if base * power >= wanted)


def time_chart(*, title: str, summary: str, figures: Sequence[Figure], labels: tuple[str, str]) -> LineChart:
    """Two figures or more, the earliest first; `labels` of the first and of the last day."""
    scale = marks(min(one.number for one in figures), max(one.number for one in figures))
    first, last = figures[0].on, figures[-1].on
    days = (last - first).days

    def dot(place: int, one: Figure) -> Dot:
        share = (one.on - first).days / days if days else place / (len(figures) - 1)
        return Dot(x=_text(LEFT + (RIGHT - LEFT) * share), y=_y(one.number, scale))

    dots = tuple(dot(place, one) for place, one in enumerate(figures))
    return LineChart(
        title=title,
        summary=summary,
        rules=tuple(Rule(y=_y(mark, scale), label=number_format(mark.normalize() + 0)) for mark in scale),
        points=" ".join(f"{one.x},{one.y}" for one in dots),
        area="",
        dots=dots,
        first_label=labels[0],
        last_label=labels[1],
    )


def _y(number: Decimal, scale: Sequence[Decimal]) -> str:
    share = (number - scale[0]) / (scale[-1] - scale[0])
    return _text(BOTTOM - (BOTTOM - TOP) * float(share))


def _text(position: float) -> str:
    """One decimal at most, with a point."""
    return f"{position:.1f}".removesuffix(".0")
