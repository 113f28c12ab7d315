"""D-02: documents of one year, and the years that have some; from what the reader may see alone (SEC-05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from apps.access import Actor
from apps.dmp.filters import Filters
from apps.dmp.paging import FIRST_PAGE, IN_YEAR, Cut
from apps.dmp.services.listing import rows_for
from apps.dmp.services.paged import Cursor, Page, locate, read_page
from apps.dmp.services.wordings import Looked, look_inside

if TYPE_CHECKING:
    from apps.dmp.querysets import DocumentQuerySet

ROWS_A_PAGE = 100  # SEC-32


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year that has documents."""

    number: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """`years` newest first; `year` is the one of the page, None without any document; `total` and `new` count all.
    `looked` as in the list.
    """

    years: tuple[Year, ...]
    year: Year | None
    total: int
    new: int
    page: Page
    looked: Looked


def read_timeline(
    *, actor: Actor, filters: Filters, today: date, year: int | None = None, cut: Cut = FIRST_PAGE
) -> Timeline:
    """The documents of `year`, of the newest one with documents when that one has none: those without a month first,
    then from December to January. A document stands in the year of its date, of its deposit when it has none.

    One query for all counts, one for the page, one for the document of the cut where it names one.
    """
    looked = look_inside(actor=actor, words=filters.words)
    rows = rows_for(actor=actor, filters=filters, looked=looked, today=today).with_month_unknown()
    cursor = locate(rows, cut=cut, order=IN_YEAR)
    counts = _counts(rows, cursor)
    shown = next((line for line in counts if line["year"] == year), counts[0] if counts else None)
    years = {line["year"]: Year(number=line["year"], count=line["count"]) for line in counts}
    return Timeline(
        years=tuple(years.values()),
        year=years[shown["year"]] if shown else None,
        total=sum(line["count"] for line in counts),
        new=sum(line["new"] for line in counts),
        page=_page(rows, cursor, shown) if shown else Page(documents=(), start=0, total=0),
        looked=looked,
    )


def _counts(rows: DocumentQuerySet, cursor: Cursor) -> list[dict[str, Any]]:
    """One line a year with documents, newest first."""
    by_year = rows.values(year=ExtractYear("sorted_on"))
    counted = by_year.annotate(count=Count("id"), new=Count("id", filter=Q(was_read=False)), **cursor.counted)
    newest_first: Iterable[Any] = counted.order_by("-year")
    return list(newest_first)


def _page(rows: DocumentQuerySet, cursor: Cursor, line: dict[str, Any]) -> Page:
    """A cut beside a document of another year is none."""
    if cursor.key is not None and cursor.key["sorted_on"].year != line["year"]:
        cursor = Cursor(cut=FIRST_PAGE, order=cursor.order, key=None)
    of_year = rows.filter(sorted_on__year=line["year"]).select_related("file")
    return read_page(of_year, cursor=cursor, ahead_of_cut=line.get("ahead", 0), total=line["count"], size=ROWS_A_PAGE)
