"""Values that views hand to the components of `ens_ui`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict

AROUND = 2  # pages shown on each side of the current one


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One line of a metadata list; `note` is a second, softer line."""

    term: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One line of a confirm page: what happens, with its icon ("eye-off-line")."""

    text: str
    icon: str
    link_url: str = ""
    link_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveFilter:
    """`label` as the reader chose it, `without_url` = the same page without this filter."""

    label: str
    without_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchBar:
    name: str
    label: str
    placeholder: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterPanel:
    """`name` = accessible name; `form` = fields in the fold; `method` "get" or "post"; `hidden` = other parameters."""

    form: BaseForm
    action: str
    name: str
    method: str = "get"
    search: SearchBar | None = None
    active: tuple[ActiveFilter, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """`number` 0 stands for the gap between two runs of numbers."""

    number: int
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    links: tuple[PageLink, ...]
    previous_url: str
    next_url: str
    number: int
    last: int


def pager(*, page: Page[object], query: QueryDict) -> Pager:
    """Links of a numbered list; other parameters of the address are kept.

    Parameters: `page` of Django's Paginator; `query` = `request.GET`. The page number travels as `page`.
    """
    last = page.paginator.num_pages

    def url(number: int) -> str:
        wanted = query.copy()
        wanted["page"] = str(number)
        return f"?{wanted.urlencode()}"

    return Pager(
        links=tuple(
            PageLink(number=number, url=url(number) if number else "", is_current=number == page.number)
            for number in _shown(page.number, last)
        ),
        previous_url=url(page.number - 1) if page.has_previous() else "",
        next_url=url(page.number + 1) if page.has_next() else "",
        number=page.number,
        last=last,
    )


def _shown(current: int, last: int) -> Iterator[int]:
    """1, the pages round the current one, the last; 0 where some are left out."""
    numbers = sorted({1, last, *range(max(1, current - AROUND), min(last, current + AROUND) + 1)})
    before = 0
    for number in numbers:
        if number - before > 1:
            yield 0
        yield number
        before = number
