"""Pages of a file as templates show them: pictures in the widths that exist, text, links to the other pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.dmp import services
from apps.dmp.models import Document, PagePicture, Rendition
from apps.dmp.services.renditions import PAGES_A_VIEW, Page, pages_of
from apps.dmp.views.page_words import page_words, refusal_words, waiting_words
from apps.formats.cda.pictures import Picture

PRINTED_PAGES = 100
_MAX_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One page; `picture.src` is the widest, `text` that of the page."""

    number: int
    label: str
    picture: Picture
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A link to twenty pages; without `url` the ones that are shown."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesView:
    """The pages of one file. `state` says what is not there (yet); `text` is that of a file without pages."""

    number: int
    total: int
    frames: tuple[Frame, ...]
    groups: tuple[Group, ...]
    text: str
    state: str
    is_waiting: bool
    download_url: str


def first_page(request: HttpRequest) -> int:
    """`?page=` as a number; 1 for anything else."""
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _MAX_DIGITS else 1


def pages_view(document: Document, rendition: Rendition, *, first: int = 1, base_url: str = "") -> PagesView:
    """Twenty pages from the one that holds `first`; `base_url` takes `?page=` for the others."""
    start = (max(1, min(first, rendition.pages or 1)) - 1) // PAGES_A_VIEW * PAGES_A_VIEW + 1
    return _view(document, rendition, start, PAGES_A_VIEW, base_url)


def printed_view(document: Document, rendition: Rendition) -> PagesView:
    """The first hundred pages, for paper."""
    return _view(document, rendition, 1, PRINTED_PAGES, "")


def picture_of(document: Document, number: int, pictures: tuple[PagePicture, ...]) -> Picture:
    """Address and widths of one page; `pictures` from the widest to the narrowest."""
    addresses = [(_address(document, number, one), one.width) for one in pictures]
    srcset = ", ".join(f"{address} {width}w" for address, width in addresses) if len(addresses) > 1 else ""
    return Picture(src=addresses[0][0], width=pictures[0].width, height=pictures[0].height, srcset=srcset)


def _view(document: Document, rendition: Rendition, start: int, count: int, base_url: str) -> PagesView:
    pages = None if rendition.is_refused else pages_of(rendition=rendition, first=start, count=count)
    return PagesView(
        number=rendition.number,
        total=rendition.pages,
        frames=tuple(_frame(document, rendition, page) for page in pages.pages) if pages else (),
        groups=_groups(rendition, start, base_url) if base_url else (),
        text=pages.text if pages else "",
        state=_state(rendition, pages, start, count),
        is_waiting=rendition.is_waiting,
        download_url=reverse("dmp:attachment_file", args=[document.space_id, document.id, rendition.number]),
    )


def _state(rendition: Rendition, pages: services.Pages | None, start: int, count: int) -> str:
    if pages is None:
        return refusal_words(rendition)
    if rendition.is_waiting:
        return waiting_words(rendition)
    if not pages.has_text:
        return _("The text of this file cannot be found at the moment. You can download the file.")
    if count == PRINTED_PAGES and rendition.pages > start + count - 1:
        return _("Only the first %(number)s pages of %(total)s are printed here. Download the file for the others.") % {
            "number": count,
            "total": rendition.pages,
        }
    return ""


def _frame(document: Document, rendition: Rendition, page: Page) -> Frame:
    return Frame(
        number=page.number,
        label=page_words(page.number, rendition.pages),
        picture=picture_of(document, rendition.number, page.pictures),
        text=page.text,
    )


def _groups(rendition: Rendition, start: int, base_url: str) -> tuple[Group, ...]:
    if rendition.pages <= PAGES_A_VIEW:
        return ()
    found = []
    for first in range(1, rendition.pages + 1, PAGES_A_VIEW):
        last = min(first + PAGES_A_VIEW - 1, rendition.pages)
        label = _("Pages %(first)s to %(last)s") % {"first": first, "last": last} if last > first else str(first)
        found.append(
            Group(label=label, url="" if first == start else f"{base_url}?page={first}#pages-{rendition.number}")
        )
    return tuple(found)


def _address(document: Document, number: int, picture: PagePicture) -> str:
    place = [document.space_id, document.id, number, picture.page, picture.width]
    return reverse("dmp:page_picture", args=place)
