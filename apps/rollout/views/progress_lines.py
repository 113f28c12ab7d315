"""RO-10 line by line: funnel, channels, rates, delays; the same rows make the file for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.rollout.figures import rates, sums
from apps.rollout.figures.counting import Day, Delay, Group
from apps.rollout.figures.rates import Rates, Table
from apps.rollout.figures.sums import Sums
from apps.rollout.models import Channel
from apps.rollout.views.figure_words import age_class
from apps.ui.charts import BarChart, Value, bar_chart, funnel
from apps.ui.words import number, share

HIDDEN = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A bar with its value and its share, for the table beside the chart."""

    label: str
    number: int
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart with the same values as rows."""

    chart: BarChart
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """One row in words; hidden numbers and the shares of them are `HIDDEN`."""

    label: str
    people: str
    opened: str
    opposed: str
    opposed_share: str
    activated: str
    activated_share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    key: str
    title: str
    column: str
    rows: tuple[RateLine, ...]
    total: RateLine
    hides: bool


def funnel_of(found: Sums) -> Drawn:
    """From the people of the waves to the spaces that were activated; each step is part of the one before."""
    steps = (
        (_("People in the waves"), found.people),
        (_("Notice sent"), found.noticed),
        (_("Sent and final"), found.done),
        (_("Space opened"), found.opened_of_done),
        (_("Space activated"), found.activated_of_done),
    )
    lines = tuple(Step(label=label, number=many, share=share(many, found.people)) for label, many in steps)
    summary = _("Of %(people)s people, %(opened)s have an open space and %(activated)s have activated it.") % {
        "people": number(found.people),
        "opened": number(found.opened_of_done),
        "activated": number(found.activated_of_done),
    }
    return Drawn(chart=funnel(title=_("Funnel of the roll-out"), summary=summary, values=_values(lines)), steps=lines)


def channels_of(days: Sequence[Day]) -> tuple[Drawn, Drawn]:
    """Notices by the way they left, oppositions by the way they came."""
    sent = ((_("by e-mail"), ("sent-mail",)), (_("by post"), ("sent-post",)))
    came = [(str(channel.label), (f"opposed-{channel.value}",)) for channel in Channel]
    notices = _drawn(_("Notices sent, by channel"), [(label, sums.of_names(days, names)) for label, names in sent])
    oppositions = _drawn(_("Oppositions, by channel"), [(label, sums.of_names(days, names)) for label, names in came])
    return notices, oppositions


def rate_tables(groups: Sequence[Group]) -> tuple[RateTable, ...]:
    """By department, then by age."""
    return (
        _table("departments", _("By department"), _("Department"), rates.by_department(groups), _department),
        _table("ages", _("By age"), _("Age"), rates.by_age(groups), _age),
    )


def delay_words(delays: Sequence[Delay]) -> tuple[str, ...]:
    """Sentences about the days that people waited."""
    words = {
        "opening": _(
            "Half of the spaces opened within %(median)s days of the notice, nine out of ten within %(most)s."
        ),
        "activation": _(
            "Half of the activations came within %(median)s days of the opening, nine out of ten within %(most)s."
        ),
    }
    return tuple(
        words[wait.name] % {"median": _days(wait.median), "most": _days(wait.most)}
        for wait in sorted(delays, key=lambda wait: wait.name, reverse=True)
    )


def denominator_words(found: Sums) -> str:
    """ROL-22: the page says of whom its rates are."""
    return _(
        "Rates are those of the people “sent and final”: their notice has left and their case is done (%(done)s"
        " people). Opposition: %(opposed)s. Opening: %(opened)s. Activation: %(activated)s."
    ) % {
        "done": number(found.done),
        "opposed": share(found.opposed_of_done, found.done),
        "opened": share(found.opened_of_done, found.done),
        "activated": share(found.activated_of_done, found.done),
    }


def sheet_header() -> list[str]:
    """Titles of the columns of the file."""
    return [
        _("Table"), _("Group"), _("Sent and final"), _("Spaces opened"), _("Oppositions"), _("Share opposed"),
        _("Spaces activated"), _("Share activated"),
    ]  # fmt: skip


def sheet_rows(tables: Sequence[RateTable]) -> Iterator[list[str]]:
    """Rows of the file, as on the page."""
    for table in tables:
        for line in (*table.rows, table.total):
            yield [
                table.title, line.label, line.people, line.opened, line.opposed, line.opposed_share, line.activated,
                line.activated_share,
            ]  # fmt: skip


def _drawn(title: str, pairs: Sequence[tuple[str, int]]) -> Drawn:
    total = sum(many for _label, many in pairs)
    lines = tuple(Step(label=label, number=many, share=share(many, total)) for label, many in pairs)
    summary = _("%(total)s in all.") % {"total": number(total)}
    return Drawn(chart=bar_chart(title=title, summary=summary, values=_values(lines)), steps=lines)


def _values(lines: Sequence[Step]) -> list[Value]:
    return [Value(label=line.label, number=line.number, note=line.share) for line in lines]


def _table(key: str, title: str, column: str, table: Table, words: Callable[[rates.Key], str]) -> RateTable:
    return RateTable(
        key=key,
        title=title,
        column=column,
        rows=tuple(_line(words(row.key), row) for row in table.rows),
        total=_line(_("Together"), table.total),
        hides=table.hides,
    )


def _line(label: str, row: Rates) -> RateLine:
    return RateLine(
        label=label,
        people=_shown(row.people),
        opened=_shown(row.opened),
        opposed=_shown(row.opposed),
        opposed_share=_share(row.opposed, row.people),
        activated=_shown(row.activated),
        activated_share=_share(row.activated, row.people),
    )


def _shown(value: int | None) -> str:
    return HIDDEN if value is None else number(value)


def _share(part: int | None, whole: int | None) -> str:
    return HIDDEN if part is None or whole is None else share(part, whole)


def _department(key: rates.Key) -> str:
    return str(key) or _("unknown")


def _age(key: rates.Key) -> str:
    return age_class(int(key))


def _days(value: float) -> str:
    return number_format(f"{value:.1f}".removesuffix(".0"))
