"""Pages cut by key: a page begins behind a row or ends before one, whatever came or went since (DMP-64)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

Order = tuple[str, ...]  # columns as `order_by` takes them; the last one is unique

BY_DATE: Order = ("-sorted_on", "-id")
BY_AUTHOR: Order = ("author_name", "organisation_name", *BY_DATE)
IN_YEAR: Order = ("-month_unknown", *BY_DATE)  # needs the annotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where a reader wants a page: behind the document `after`, else before the document `before`, else the first."""

    after: UUID | None = None
    before: UUID | None = None

    @property
    def document_id(self) -> UUID | None:
        return self.after or self.before


FIRST_PAGE = Cut()


def columns(order: Order) -> list[str]:
    """Names without their direction."""
    return [name.removeprefix("-") for name in order]


def reverse(order: Order) -> Order:
    """The same list from its end."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def behind(key: Mapping[str, Any], order: Order) -> Q:
    """Rows that come after the one with these values. Written `a <= x AND (a < x OR …)`, not `a < x OR (a = x AND …)`:
    only the first is a bound for an index.
    """
    column, comes_later = order[0].removeprefix("-"), "lt" if order[0].startswith("-") else "gt"
    later = Q(**{f"{column}__{comes_later}": key[column]})
    if len(order) == 1:
        return later
    return Q(**{f"{column}__{comes_later}e": key[column]}) & (later | behind(key, order[1:]))


def ahead(key: Mapping[str, Any], order: Order) -> Q:
    """Rows that come before the one with these values."""
    return behind(key, reverse(order))
