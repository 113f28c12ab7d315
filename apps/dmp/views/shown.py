"""How a document's page shows the files inside: pictures in the text, everything with pages beside it or on a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from apps.dmp import services
from apps.dmp.models import Document, PagePicture, Rendition
from apps.dmp.views.page_frames import PagesView, first_page, pages_view, picture_of
from apps.dmp.views.page_words import refusal_words, waiting_words
from apps.formats import media
from apps.formats.cda.pictures import Shown
from apps.formats.documents import Attachment

LEVEL_ONE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is prepared of one document, by number of the file; `pictures` of page 1."""

    renditions: dict[int, Rendition]
    pictures: dict[int, tuple[PagePicture, ...]]

    @property
    def with_pages(self) -> Rendition | None:
        """The level-1 file when it is shown as pages or as text."""
        found = self.renditions.get(LEVEL_ONE)
        return found if found is not None and found.has_pages else None


def prepared_of(document: Document) -> Prepared:
    """Two queries at most, whatever the number of files."""
    renditions = services.renditions_of(document=document)
    in_text = {number: row for number, row in renditions.items() if not row.has_pages}
    return Prepared(renditions=renditions, pictures=services.first_pictures(renditions=in_text))


def shown(document: Document, prepared: Prepared, attachment: Attachment) -> Shown:
    """For `RenderOptions.show`; a file without row (of a type that is never shown) is only offered."""
    rendition = prepared.renditions.get(attachment.number)
    if rendition is None:
        return Shown()
    warnings = frozenset(media.PdfWarning(word) for word in rendition.warnings)
    pictures = prepared.pictures.get(attachment.number)
    if not rendition.has_pages:
        if pictures and not rendition.is_refused:
            return Shown(picture=picture_of(document, attachment.number, pictures))
        return Shown(note=refusal_words(rendition) if rendition.is_refused else waiting_words(rendition))
    if attachment.number == LEVEL_ONE:
        return Shown(elsewhere=True, warnings=warnings)
    url = reverse("dmp:document_pages", args=[document.space_id, document.id, attachment.number])
    return Shown(reading_url="" if rendition.is_refused else url, warnings=warnings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A PDF inside a document with sections: the same or more, as its author laid it out (DMP-90)."""

    number: int
    url: str


def copies_of(document: Document, prepared: Prepared) -> tuple[Copy, ...]:
    """The PDF files beside the text, in the order of the document; refused ones are only in its list of files."""
    return tuple(
        Copy(number=number, url=reverse("dmp:document_pages", args=[document.space_id, document.id, number]))
        for number, row in prepared.renditions.items()
        if number != LEVEL_ONE and row.media_type == media.PDF and not row.is_refused
    )


def level_one_pages(request: HttpRequest, document: Document, prepared: Prepared) -> PagesView | None:
    """The pages of a level-1 PDF or TIFF, or the text of a level-1 RTF, for D-03."""
    if prepared.with_pages is None:
        return None
    here = reverse("dmp:document_detail", args=[document.space_id, document.id])
    return pages_view(document, prepared.with_pages, first=first_page(request), base_url=here)
