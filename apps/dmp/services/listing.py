"""The documents of a list: what a reader may see of what they asked for (D-01, SEC-01, SEC-05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from apps.access import Actor, Role
from apps.audit.services import Line, record
from apps.common.text import fold
from apps.dmp.filters import Filters, StateChoice
from apps.dmp.models import Document, Folder
from apps.dmp.paging import BY_DATE, FIRST_PAGE, Cut, Order
from apps.dmp.services.paged import Cursor, Page, locate, read_page
from apps.dmp.services.wordings import Looked, look_inside
from apps.dmp.words import author_label

if TYPE_CHECKING:
    from apps.dmp.querysets import DocumentQuerySet

MAX_NAMES = 200  # SEC-32


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rows in no order yet, annotated with `was_read`; `total` and `new` count them, `ahead` those before the cut.
    `looked`: what was searched for and where.
    """

    rows: DocumentQuerySet
    total: int
    new: int
    looked: Looked
    cursor: Cursor
    ahead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Choices of the filters, each in alphabetical order."""

    authors: list[str]
    places: list[str]


def find_documents(
    *, actor: Actor, filters: Filters, today: date, cut: Cut = FIRST_PAGE, order: Order = BY_DATE
) -> Found:
    """Current documents that the actor may see and that pass the filters; one query for the counts, and one for the
    document of the cut where it names one.
    """
    looked = look_inside(actor=actor, words=filters.words)
    rows = rows_for(actor=actor, filters=filters, looked=looked, today=today)
    cursor = locate(rows, cut=cut, order=order)
    counts = rows.aggregate(total=Count("id"), new=Count("id", filter=Q(was_read=False)), **cursor.counted)
    shown = rows.select_related("file")
    return Found(rows=shown, cursor=cursor, looked=looked, **{"ahead": 0, **counts})


def rows_for(*, actor: Actor, filters: Filters, looked: Looked, today: date) -> DocumentQuerySet:
    """The list without order and counts: what the actor may see and the filters let in, with `was_read`."""
    first, last = filters.bounds(today)
    rows = Document.objects.visible_to(actor).archived() if filters.state == StateChoice.ARCHIVED else _current(actor)
    rows = rows.with_read_by(actor.user_id).dated_between(first, last).matching(filters.words, inside=looked.inside)
    return _in_state(_chosen(rows, actor, filters), actor, filters.state)


def _chosen(rows: DocumentQuerySet, actor: Actor, filters: Filters) -> DocumentQuerySet:
    if filters.category:
        rows = rows.filter(category=filters.category)
    if filters.author:
        by_place = Q(author_name="", organisation_name=filters.author)
        rows = rows.filter(Q(author_name=filters.author) | by_place)
    if filters.place:
        rows = rows.filter(organisation_name=filters.place)
    if filters.folder:
        rows = rows.filter(folder_id__in=Folder.objects.visible_to(actor).filter(id=filters.folder).values("id"))
    return rows


def _in_state(rows: DocumentQuerySet, actor: Actor, state: StateChoice) -> DocumentQuerySet:
    match state:
        case StateChoice.PINNED:
            return rows.filter(pinned_at__isnull=False) if actor.is_holder_side else rows.none()
        case StateChoice.NEW:
            return rows.filter(Q(was_read=False))
        case StateChoice.HIDDEN:
            return rows.filter(hidden_at__isnull=False)
        case StateChoice.MINE | StateChoice.ADDED:
            return rows.by_holder()
    return rows


def page_of(found: Found, *, size: int) -> Page:
    """The page at the cut: `size` documents at most, in the order that was asked for; one query."""
    return read_page(found.rows, cursor=found.cursor, ahead_of_cut=found.ahead, total=found.total, size=size)


def count_documents(*, actor: Actor) -> int:
    """How many current documents the actor may see at all."""
    return _current(actor).count()


def names_of(*, actor: Actor) -> Names:
    """Names for the filters, from documents that the actor may see and no others (SEC-05); one query."""
    pairs = list(_current(actor).order_by().values_list("author_name", "organisation_name").distinct())
    return Names(
        authors=_sorted(author_label(name, organisation) for name, organisation in pairs if name or organisation),
        places=_sorted(organisation for _name, organisation in pairs if organisation),
    )


def record_list_reading(*, actor: Actor, shown: int, at: datetime) -> None:
    """A delegate's look at the list leaves a line; the holder's and a representative's do not (D-01)."""
    if actor.role is Role.DELEGATE:
        record(actor=actor, at=at, line=Line(action="dmp.list.read", facts={"shown": shown}))


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=fold)[:MAX_NAMES]


def _current(actor: Actor) -> DocumentQuerySet:
    return Document.objects.visible_to(actor).current_for(actor)
