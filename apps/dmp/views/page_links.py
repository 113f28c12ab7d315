"""Links between the pages of a list that is cut by key. Addresses name a document by its id, nothing else (SEC-16)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.dmp.paging import Cut
from apps.dmp.services import Page
from apps.ui.words import number


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """An address is empty where there is no such page; all are for a list of one page."""

    position: str
    first_url: str = ""
    previous_url: str = ""
    next_url: str = ""

    @property
    def any(self) -> bool:
        return bool(self.first_url or self.next_url)


def cut_asked(request: HttpRequest) -> Cut:
    """`?apres=` and `?avant=`; anything but an id asks for the first page."""
    return Cut(after=_id(request.GET.get("apres", "")), before=_id(request.GET.get("avant", "")))


def links_of(page: Page, url: Callable[..., str]) -> PageLinks:
    """`url` makes the address of the list with these parameters, filters and order kept."""
    if not page.documents:
        return PageLinks(position="")
    return PageLinks(
        position=_position(page),
        first_url=url() if page.start else "",
        previous_url=url(avant=str(page.documents[0].id)) if page.start else "",
        next_url=url(apres=str(page.documents[-1].id)) if page.end < page.total else "",
    )


def _position(page: Page) -> str:
    """« Documents 21 à 40 sur 87 »."""
    words = {"first": number(page.start + 1), "last": number(page.end), "total": number(page.total)}
    if len(page.documents) == 1:
        return _("Document %(last)s of %(total)s") % words
    return _("Documents %(first)s to %(last)s of %(total)s") % words


def _id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
