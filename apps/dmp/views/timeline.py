"""D-02: the documents of one year, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.dmp import services
from apps.dmp.filter_words import count_words
from apps.dmp.filters import Filters
from apps.dmp.forms import FilterForm
from apps.dmp.services import Page, Timeline
from apps.dmp.views.document_list import Asked, asked_by, filtered, panel_of
from apps.dmp.views.page_links import cut_asked, links_of
from apps.dmp.views.rows import Row, groups_of
from apps.dmp.words import kind_label
from apps.formats.searching import Extract
from apps.spaces.entry import SpaceRequest

_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLink:
    number: int
    count: int
    url: str
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document with its kind in words."""

    row: Row
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Documents of a month; `heading` is empty for those of the year that know no month."""

    heading: str
    entries: tuple[Entry, ...]


# No HEAD: a delegate's would leave a line in the history for a page that nobody has seen.
@require_http_methods(["GET", "POST"])
def timeline(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    year = request.GET.get("annee", "")
    asked = asked_by(request, space_id)
    return filtered(request, replace(asked, page="dmp:timeline", year=year if _is_year(year) else ""), _page)


def _page(request: SpaceRequest, asked: Asked, filters: Filters, form: FilterForm) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    year = int(asked.year) if asked.year else None
    today = timezone.localdate(now)
    found = services.read_timeline(actor=actor, filters=filters, today=today, year=year, cut=cut_asked(request))
    services.record_list_reading(actor=actor, shown=len(found.page.documents), at=now)
    extracts = services.extracts_of(actor=actor, documents=found.page.documents, looked=found.looked, at=now)
    context = {
        "form": form,
        "panel": panel_of(asked, filters, form),
        "count": count_words(filters, total=found.total, new=found.new),
        "years": _years(found, asked),
        "year": found.year,
        "months": _months(found.page, found.year, extracts),
        "inside_away": found.looked.is_away,
        "is_searched": bool(filters.words),
        "pages": links_of(found.page, replace(asked, year=str(found.year.number) if found.year else "").url),
        "list_url": replace(asked, page="dmp:document_list", year="").url(),
        "is_filtered": bool(filters.active),
        "filter_count": len(filters.active),
        "all_url": reverse("dmp:timeline", args=[asked.space_id]),
        "all_count": 0 if found.total or not filters.active else services.count_documents(actor=actor),
    }
    return render(request, "dmp/timeline.html", context)


def _is_year(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= _DIGITS


def _years(found: Timeline, asked: Asked) -> tuple[YearLink, ...]:
    return tuple(
        YearLink(
            number=year.number,
            count=year.count,
            url=asked.url(annee=str(year.number)),
            is_shown=year == found.year,
        )
        for year in found.years
    )


def _months(page: Page, year: services.Year | None, extracts: Mapping[UUID, Extract]) -> tuple[Month, ...]:
    """Groups under their months; the heading of documents without a month would say the year again."""
    again = str(year.number) if year else ""
    return tuple(
        Month(
            heading="" if group.heading == again else group.heading,
            entries=tuple(Entry(row=row, kind=kind_label(row.document.category)) for row in group.rows),
        )
        for group in groups_of(page.documents, by_author=False, extracts=extracts)
    )
