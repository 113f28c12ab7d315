"""RO-10 line by line: funnel, channels, rates, delays; the same rows make the file for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.rollout.figures import rates, sums
from apps.rollout.figures.counting import Day, Delay, Group
from apps.rollout.figures.hiding import FLOOR, masked_column
from apps.rollout.figures.rates import Rates, Table
from apps.rollout.figures.sums import Sums
from apps.rollout.models import Channel
from apps.rollout.views.figure_words import age_class
from apps.ui.charts import BarChart, Value, bar_chart, funnel
from apps.ui.words import number, share

HIDDEN = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A bar with its value and its share, for the table beside the chart. `number` is None where it is hidden."""

    label: str
    number: int | None
    share: str

    @property
    def shown(self) -> str:
        return _shown(self.number)


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


def funnel_of(found: Sums, total: Rates) -> Drawn:
    """From the people of the waves to the spaces that were activated; each step is part of the one before.

    What became of people is that of `total`, the row of sums of the tables below: hidden there, hidden here.
    """
    steps = (
        (_("People in the waves"), found.people),
        (_("Notice sent"), found.noticed),
        (_("Sent and final"), total.people),
        (_("Space opened"), total.opened),
        (_("Space activated"), total.activated),
    )
    lines = tuple(Step(label=label, number=many, share=_share(many, found.people)) for label, many in steps)
    summary = _("Of %(people)s people, %(opened)s have an open space and %(activated)s have activated it.") % {
        "people": number(found.people),
        "opened": _shown(total.opened),
        "activated": _shown(total.activated),
    }
    return Drawn(chart=funnel(title=_("Funnel of the roll-out"), summary=summary, values=_values(lines)), steps=lines)


def channels_of(days: Sequence[Day], total: Rates) -> tuple[Drawn, Drawn]:
    """Notices by the way they left, oppositions by the way they came: small ones hidden, all where `total` is."""
    ways = {_("by e-mail"): "sent-mail", _("by post"): "sent-post"}
    sent = {label: sums.of_names(days, [name]) for label, name in ways.items()}
    came = [sums.of_names(days, [f"opposed-{channel.value}"]) for channel in Channel]
    shown, all_of_them = masked_column(came) if total.opposed is not None else ([None] * len(came), None)
    named = dict(zip((str(channel.label) for channel in Channel), shown, strict=True))
    notices = _drawn(_("Notices sent, by channel"), sent, sum(sent.values()))
    return notices, _drawn(_("Oppositions, by channel"), named, all_of_them)


def total_of(groups: Sequence[Group]) -> Rates:
    """The row of sums, the same of every table."""
    return rates.by_department(groups).total


def rate_tables(groups: Sequence[Group]) -> tuple[RateTable, ...]:
    """By department, then by age."""
    return (
        _table("departments", _("By department"), _("Department"), rates.by_department(groups), _department),
        _table("ages", _("By age"), _("Age"), rates.by_age(groups), _age),
    )


def hides(tables: Sequence[RateTable], drawn: Sequence[Drawn]) -> bool:
    """Whether the page hides a number anywhere."""
    steps = (step for one in drawn for step in one.steps)
    return any(table.hides for table in tables) or any(step.number is None for step in steps)


def delay_words(delays: Sequence[Delay]) -> tuple[str, ...]:
    """Sentences about the days that people waited; none about few of them."""
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
        if wait.people >= FLOOR
    )


def denominator_words(total: Rates) -> str:
    """ROL-22: the page says of whom its rates are."""
    return _(
        "Rates are those of the people “sent and final”: their notice has left and their case is done (%(done)s"
        " people). Opposition: %(opposed)s. Opening: %(opened)s. Activation: %(activated)s."
    ) % {
        "done": _shown(total.people),
        "opposed": _share(total.opposed, total.people),
        "opened": _share(total.opened, total.people),
        "activated": _share(total.activated, total.people),
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


def _drawn(title: str, numbers: Mapping[str, int | None], total: int | None) -> Drawn:
    lines = tuple(Step(label=label, number=many, share=_share(many, total)) for label, many in numbers.items())
    summary = _("%(total)s in all.") % {"total": _shown(total)}
    return Drawn(chart=bar_chart(title=title, summary=summary, values=_values(lines)), steps=lines)


def _values(lines: Sequence[Step]) -> list[Value]:
    return [
        Value(label=line.label, number=0, words=HIDDEN)
        if line.number is None
        else Value(label=line.label, number=line.number, note=line.share)
        for line in lines
    ]


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
