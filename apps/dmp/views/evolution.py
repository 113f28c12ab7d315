"""Results of one analysis over time, from a document that holds it (D-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.common.dates import PartialDate
from apps.dmp import services
from apps.dmp.models import Document
from apps.dmp.services import Point, Series
from apps.dmp.words import document_name, source_words
from apps.formats.documents import range_words, unit_words
from apps.formats.words import decimal, not_given
from apps.spaces.entry import SpaceRequest
from apps.ui.charts import LineChart
from apps.ui.time_chart import Figure, time_chart
from apps.ui.words import day, partial_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure as the table says it."""

    date: str
    value: str
    bounds: str
    source: str
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One unit: its table, newest first, and its chart where two figures have a day."""

    unit: str
    key: str
    lines: tuple[Line, ...]
    chart: LineChart | None


# No HEAD: it would leave a line in the history for contents that nobody has seen.
@require_http_methods(["GET"])
def result_evolution(request: SpaceRequest, space_id: UUID, document_id: UUID, number: int) -> HttpResponse:  # noqa: ARG001  the space is the actor's
    try:
        evolution = services.evolution_of(
            actor=request.actor, document_id=document_id, number=number, at=timezone.now()
        )
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    context = {
        "document": evolution.document,
        "name": document_name(evolution.document),
        "analysis": evolution.name,
        "series": [_shown(place, series) for place, series in enumerate(evolution.series, start=1)],
        "is_cut": evolution.is_cut,
        "at_most": services.MAX_FOLLOWED,
    }
    return render(request, "dmp/result_evolution.html", context)


def _shown(place: int, series: Series) -> Shown:
    return Shown(
        unit=unit_words(series.unit),
        key=f"evolution-{place}",
        lines=tuple(_line(point) for point in reversed(series.points)),
        chart=_chart(series),
    )


def _line(point: Point) -> Line:
    figure = point.figure
    return Line(
        date=partial_date(point.on) if point.on else not_given(),
        value=_with_unit(figure.number, figure.unit),
        bounds=range_words(figure.reference) if figure.reference else "",
        source=source_words(point.document),
        document=point.document,
    )


def _chart(series: Series) -> LineChart | None:
    dated = [point for point in series.points if point.on is not None and point.on.is_whole]
    if len(dated) < 2:  # noqa: PLR2004  a line has two ends
        return None
    figures = [Figure(on=point.day, number=Decimal(point.figure.number)) for point in dated]
    first, last = day(figures[0].on), day(figures[-1].on)
    facts = {"count": len(figures), "first": first, "last": last}
    summary = ngettext(
        "%(count)s result, from %(first)s to %(last)s.", "%(count)s results, from %(first)s to %(last)s.", len(figures)
    )
    title = (
        _("Results over time, in %(unit)s") % {"unit": unit_words(series.unit)}
        if series.unit
        else _("Results over time")
    )
    ends = (_month(figures[0].on), _month(figures[-1].on))
    return time_chart(title=title, summary=summary % facts, figures=figures, labels=ends)


def _month(on: date) -> str:
    """« mai 2026 »: two whole days have no room below a drawing on a phone; the sentence has them."""
    return partial_date(PartialDate(year=on.year, month=on.month))


def _with_unit(number: str, unit: str) -> str:
    return f"{decimal(number)}\u00a0{unit_words(unit)}" if unit else decimal(number)
