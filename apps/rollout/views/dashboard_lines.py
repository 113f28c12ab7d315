"""RO-01 line by line: the next act, waves, curves, each with the words and the address that the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.common.dates import PARIS, midnight
from apps.rollout.figures import curves
from apps.rollout.figures.alarms import Act, ActKind
from apps.rollout.figures.counting import Day
from apps.rollout.figures.curves import Point
from apps.rollout.figures.sums import Sums
from apps.rollout.models import Wave
from apps.rollout.views import wave_words
from apps.rollout.views.figure_words import short_day, wave_name
from apps.rollout.window import opening_day, window_end
from apps.ui.charts import LineChart, Value, line_chart
from apps.ui.words import day, number


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAct:
    """What is to be done next, and the page for it; `url` is empty where nothing is due or the reader has no page."""

    words: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveLine:
    wave: Wave
    title: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One chart with its big number; `key` for the ids of the page."""

    key: str
    title: str
    total: int
    chart: LineChart


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Charts and the same values as a table: one row a day that has a point."""

    charts: tuple[Curve, ...]
    marks: tuple[date, ...]
    rows: tuple[tuple[str, tuple[Value, ...]], ...]


def first_act(*, may_bring: bool) -> NextAct:
    """While nobody is in the register: everything begins with a file, which an operator brings."""
    words = _("First act: bring the file of the people of the register.")
    if not may_bring:
        return NextAct(words=words)
    return NextAct(words=words, label=_("Bring a file"), url=reverse("rollout:import_new"))


def next_act(act: Act | None) -> NextAct:
    """ "Next act due: approve wave 3, before 27 November 2026."."""
    if act is None:
        return NextAct(words=_("No act is due."))
    words = {
        ActKind.APPROVE: _("Next act due: approve wave %(number)s, before %(day)s."),
        ActKind.ASK_OPENING: _("Next act due: ask for the opening of wave %(number)s, before %(day)s."),
        ActKind.APPROVE_OPENING: _("Next act due: approve the opening of wave %(number)s, before %(day)s."),
    }
    page = "rollout:wave_detail" if act.kind is ActKind.APPROVE else "rollout:wave_opening"
    return NextAct(
        words=words[act.kind] % {"number": act.wave.number, "day": day(act.due_on)},
        label=_("See wave %(number)s") % {"number": act.wave.number},
        url=reverse(page, args=[act.wave.pk]),
    )


def wave_line(wave: Wave, sums: Sums) -> WaveLine:
    """What became of its people; before the first notice the dates of the plan."""
    return WaveLine(wave=wave, title=wave_name(wave), text=_state_sentence(wave, sums), icon=wave_words.icon_of(wave))


def curves_of(days: Sequence[Day], *, at: datetime) -> Curves | None:
    """Notices, oppositions, openings, activations, returns; None while nothing has happened."""
    marks = curves.marks(days, until=at.astimezone(PARIS).date())
    if not marks:
        return None
    kinds = (
        ("sent", _("Notices sent"), curves.SENT),
        ("opposed", _("Oppositions"), curves.OPPOSED),
        ("opened", _("Spaces opened"), curves.OPENED),
        ("activated", _("Spaces activated"), curves.ACTIVATED),
        ("returned", _("Notices that came back"), curves.RETURNED),
    )
    lines = [(key, title, curves.curve(days, names, marks)) for key, title, names in kinds]
    return Curves(
        charts=tuple(_curve(key, title, points) for key, title, points in lines),
        marks=marks,
        rows=tuple(_row(mark, place, lines) for place, mark in enumerate(marks)),
    )


def sheet_of(made: Curves | None) -> tuple[list[str], list[tuple[str | int, ...]]]:
    """Header and rows of the file for spreadsheets: days as `2026-11-25`, plain numbers."""
    if made is None:
        return [_("Day")], []
    header = [_("Day"), *(curve.title for curve in made.charts)]
    rows = zip(made.marks, made.rows, strict=True)
    return header, [(mark.isoformat(), *(value.number for value in sums)) for mark, (_words, sums) in rows]


def _row(mark: date, place: int, lines: list[tuple[str, str, tuple[Point, ...]]]) -> tuple[str, tuple[Value, ...]]:
    return day(mark), tuple(Value(label=title, number=points[place].number) for _key, title, points in lines)


def _curve(key: str, title: str, points: tuple[Point, ...]) -> Curve:
    first, last = points[0], points[-1]
    named = _("Curve: %(what)s, sum from %(first)s to %(last)s") % {
        "what": title,
        "first": day(first.day),
        "last": day(last.day),
    }
    values = [Value(label=short_day(point.day), number=point.number) for point in points]
    return Curve(
        key=key, title=title, total=last.number, chart=line_chart(title=named, summary=_growth(points), values=values)
    )


def _growth(points: tuple[Point, ...]) -> str:
    if len(points) == 1:
        return _("On the first day.")
    before, last = points[-2], points[-1]
    return _("%(more)s more since %(day)s.") % {
        "more": number(last.number - before.number),
        "day": short_day(before.day),
    }


def _openings(wave: Wave, sums: Sums) -> str:
    """How many spaces opened; before the first one, from which day on they may."""
    if sums.opened:
        return ngettext("%(n)s space opened", "%(n)s spaces opened", sums.opened) % {"n": number(sums.opened)}
    opens_on = opening_day(window_end(midnight(wave.first_send_on)))
    return _("openings from %(day)s on") % {"day": day(opens_on)}


def _state_sentence(wave: Wave, sums: Sums) -> str:
    if not sums.noticed:
        people = ngettext("%(people)s person.", "%(people)s people.", sums.people) % {"people": number(sums.people)}
        return f"{people} {wave_words.dates_sentence(wave)}" if sums.people else wave_words.dates_sentence(wave)
    said = [
        ngettext("%(n)s notified", "%(n)s notified", sums.noticed) % {"n": number(sums.noticed)},
        ngettext("%(n)s opposition", "%(n)s oppositions", sums.opposed) % {"n": number(sums.opposed)},
        _openings(wave, sums),
    ]
    if sums.held:
        said.append(ngettext("%(n)s held", "%(n)s held", sums.held) % {"n": number(sums.held)})
    if sums.failed:
        said.append(ngettext("%(n)s opening failed", "%(n)s openings failed", sums.failed) % {"n": number(sums.failed)})
    return ", ".join(said) + "."
