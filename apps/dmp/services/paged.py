"""One page of a list of documents, cut beside a document that the reader may see (SEC-01, SEC-05)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from apps.dmp.models import Document
from apps.dmp.paging import Cut, Order, ahead, behind, columns, reverse

if TYPE_CHECKING:
    from apps.dmp.querysets import DocumentQuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A cut in a list of this order; `key` has the values of its document, None when the list has no such document."""

    cut: Cut
    order: Order
    key: Mapping[str, Any] | None

    @property
    def counted(self) -> dict[str, Count]:
        """What a query that counts the list counts in addition: the rows before the document of the cut."""
        return {} if self.key is None else {"ahead": Count("id", filter=ahead(self.key, self.order))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Documents in the order of the list; `start` of its `total` documents come before them."""

    documents: tuple[Document, ...]
    start: int
    total: int

    @property
    def end(self) -> int:
        """Number of the last document, counted from 1."""
        return self.start + len(self.documents)


def locate(rows: DocumentQuerySet, *, cut: Cut, order: Order) -> Cursor:
    """One query when the cut names a document, none otherwise. `rows` are the list: a document outside it is unknown,
    whether it exists or not.
    """
    found = rows.filter(id=cut.document_id).values(*columns(order)) if cut.document_id else []
    return Cursor(cut=cut, order=order, key=next(iter(found), None))


def read_page(rows: DocumentQuerySet, *, cursor: Cursor, ahead_of_cut: int, total: int, size: int) -> Page:
    """`ahead_of_cut` is the number that `Cursor.counted` gave. The first page when the cut leads nowhere."""
    key, order = cursor.key, cursor.order
    if key is not None and cursor.cut.after and ahead_of_cut + 1 < total:
        found = list(rows.filter(behind(key, order)).order_by(*order)[:size])
        return Page(documents=tuple(found), start=ahead_of_cut + 1, total=total)
    if key is not None and not cursor.cut.after and ahead_of_cut > size:
        found = list(rows.filter(ahead(key, order)).order_by(*reverse(order))[:size])
        return Page(documents=tuple(reversed(found)), start=ahead_of_cut - size, total=total)
    return Page(documents=tuple(rows.order_by(*order)[:size]), start=0, total=total)
