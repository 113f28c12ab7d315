"""Showing the files inside a document: which are prepared, their pages, one picture (D-03, SEC-11).

Who may see the document may see its pages, by the same rule and nothing else (SEC-01).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from apps.access import Actor
from apps.audit.services import recently_read
from apps.dmp.models import Document, PagePicture, Rendition
from apps.dmp.services.errors import DocumentNotFoundError
from apps.dmp.services.reading import document_of, open_document
from apps.files.derived import read_derived
from apps.files.gateways.base import StoreUnavailableError
from apps.files.models import StoredFile
from apps.files.services import FileGoneError
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.reader import read_cda
from apps.formats.decoding import can_open
from apps.formats.errors import UnreadableInputError

MAX_FILES = 50  # of one document that are prepared; the others can be downloaded
PAGES_A_VIEW = 20
SAME_READING = timedelta(hours=1)  # a page picture belongs to the opening before it
SWEEP_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its pictures from the widest to the narrowest, its text (empty for a mere picture)."""

    number: int
    pictures: tuple[PagePicture, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Some consecutive pages of a file; `text` is that of a file without pages, `has_text` False when it is away."""

    rendition: Rendition
    pages: tuple[Page, ...]
    text: str
    has_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which picture: file inside the document, page from 1, width in pixels."""

    number: int
    page: int
    width: int


def plan_renditions(*, document: Document, cda: CdaDocument, at: datetime) -> int:
    """One waiting row for each file that can be shown; in the transaction of the deposit. Returns their number."""
    found = [file for file in cda.files if file.data is not None and can_open(file.served_type)][:MAX_FILES]
    rows = Rendition.objects.bulk_create(
        Rendition(
            space_id=document.space_id, document_id=document.id, number=file.number, media_type=file.served_type,
            created_at=at, due_at=at + SWEEP_AFTER,
        )
        for file in found
    )  # fmt: skip
    return len(rows)


def plan_missing(*, at: datetime) -> Iterator[int]:
    """The same for documents that were filed before their files could be shown; the number of each, as it goes on.

    Clean documents only; what cannot be read stays as it is. The sweep queues what is planned.
    """
    planned = Rendition.objects.filter(space_id=OuterRef("space_id"), document_id=OuterRef("id"))
    rows = Document.objects.filter(~Exists(planned), file__state=StoredFile.State.CLEAN)
    for document in rows.select_related("file__vault").order_by("space_id", "id").iterator(chunk_size=100):
        try:
            cda = read_cda(read_derived(document.file))  # no reading of a person: it is not counted
        except (FileGoneError, StoreUnavailableError, UnreadableInputError):
            continue
        yield plan_renditions(document=document, cda=cda, at=at)


def renditions_of(*, document: Document) -> dict[int, Rendition]:
    """By number of the file; of a document that is not clean (any more) there are none. One query."""
    if not document.file.is_readable:
        return {}
    rows = Rendition.objects.filter(space_id=document.space_id, document_id=document.id).select_related("text__vault")
    return {row.number: row for row in rows.order_by("number", "id")}


def first_pictures(*, renditions: Mapping[int, Rendition]) -> dict[int, tuple[PagePicture, ...]]:
    """Pictures of page 1 by number of the file. One query, none without renditions."""
    if not renditions:
        return {}
    numbers = {row.id: number for number, row in renditions.items()}
    space_id = next(iter(renditions.values())).space_id
    rows = PagePicture.objects.filter(space_id=space_id, rendition_id__in=numbers, page=1).order_by("-width", "id")
    found: dict[int, tuple[PagePicture, ...]] = {}
    for row in rows:
        found[numbers[row.rendition_id]] = (*found.get(numbers[row.rendition_id], ()), row)
    return found


def pages_of(*, rendition: Rendition, first: int, count: int = PAGES_A_VIEW) -> Pages:
    """Pages that are made, from `first` on, with their texts. The caller has opened the document."""
    rows = PagePicture.objects.filter(
        space_id=rendition.space_id, rendition_id=rendition.id, page__gte=first, page__lt=first + count
    )
    pictures: dict[int, tuple[PagePicture, ...]] = {}
    for row in rows.order_by("page", "-width", "id"):
        pictures[row.page] = (*pictures.get(row.page, ()), row)
    texts, has_text = _texts(rendition)
    return Pages(
        rendition=rendition,
        pages=tuple(
            Page(number=number, pictures=found, text=texts[number - 1] if number <= len(texts) else "")
            for number, found in pictures.items()
        ),
        text=texts[0] if rendition.pages == 0 and texts else "",
        has_text=has_text,
    )


def read_page_picture(*, actor: Actor, document_id: UUID, place: Place, at: datetime) -> bytes:
    """One picture. Without an opening in the hour before it is an opening itself, with its line (SEC-13).

    Raises `DocumentNotFoundError`, `DocumentWithdrawnError`, `FileGoneError`, `StoreUnavailableError`.
    """
    document = document_of(actor=actor, document_id=document_id)
    if not document.file.is_readable or document.availability == Document.Availability.DELETED:
        raise DocumentNotFoundError(document_id)
    rows = PagePicture.objects.filter(
        space_id=document.space_id,
        rendition__document_id=document.id,
        rendition__number=place.number,
        page=place.page,
        width=place.width,
    )
    picture = (
        rows.exclude(rendition__state=Rendition.State.REFUSED).select_related("file__vault").order_by("id").first()
    )
    if picture is None:
        raise DocumentNotFoundError(document_id)
    if not recently_read(actor=actor, target=f"document:{document.id}", since=at - SAME_READING):
        open_document(actor=actor, document_id=document_id, at=at)
    return read_derived(picture.file)


def _texts(rendition: Rendition) -> tuple[tuple[str, ...], bool]:
    if rendition.text is None:
        return (), True
    try:
        return tuple(json.loads(read_derived(rendition.text))), True
    except (FileGoneError, StoreUnavailableError):
        return (), False
