"""What the page of one attachment shows of it: a document as the record does, a file as pictures and text (SEC-11)."""

from __future__ import annotations

import base64
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.safestring import SafeString

from apps.formats import media
from apps.formats.decoding import DecoderLostError, DrawnPage, RefusedFileError, can_open, draw_pages, open_file
from apps.formats.documents import Attachment as Inner
from apps.formats.documents import (
    CdaDocument,
    RenderOptions,
    UnreadableInputError,
    language_tag,
    read_cda,
    render_document,
    render_header,
)
from apps.mss.models import Attachment

PAGES_AT_MOST = 5  # drawn while somebody waits; the whole file is one click away


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as a picture in the address itself, and its text."""

    number: int
    source: str
    width: int
    height: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`body` and `header` are HTML that `apps.formats` made of escaped parts; `total` pages, some drawn."""

    language: str | None = None
    body: SafeString | None = None
    header: SafeString | None = None
    pages: tuple[Page, ...] = ()
    total: int = 0
    text: str = ""
    is_refused: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.body or self.pages or self.text)

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.pages) > 0


def preview_of(row: Attachment, data: bytes) -> Preview:
    """Nothing of a file is shown that a child process has not drawn anew."""
    if row.kind == Attachment.Kind.DOCUMENT:
        try:
            return _document(row, read_cda(data))
        except UnreadableInputError:
            return Preview(is_refused=True)
    media_type = media.normal_type(media.sniff(data))
    if media_type is None or not can_open(media_type):
        return Preview()
    try:
        return _file(data, media_type)
    except (RefusedFileError, DecoderLostError):
        return Preview(is_refused=True)


def inner_file(data: bytes, number: int) -> Inner | None:
    """A file inside a document. None for a number that it does not have, or without usable bytes."""
    try:
        found = read_cda(data).file(number)
    except UnreadableInputError:
        return None
    return found if found is not None and found.data is not None else None


def _document(row: Attachment, cda: CdaDocument) -> Preview:
    options = RenderOptions(heading=3, prefix="doc-", attachment_url=partial(_address, row))
    return Preview(
        language=language_tag(cda.language),
        body=render_document(cda, options),
        header=render_header(cda, folded=True),
    )


def _address(row: Attachment, inner: Inner) -> str:
    return reverse("mss:inner_file", args=[row.space_id, row.id, inner.number])


def _file(data: bytes, media_type: str) -> Preview:
    opened = open_file(data, media_type)
    if not opened.pages:
        return Preview(text="\n".join(opened.texts))
    with closing(draw_pages(data, media_type, first=1, last=min(opened.pages, PAGES_AT_MOST))) as drawn:
        pages = tuple(_page(each, opened.texts) for each in drawn)
    return Preview(pages=pages, total=opened.pages)


def _page(drawn: DrawnPage, texts: tuple[str, ...]) -> Page:
    widest = drawn.pictures[0]
    encoded = base64.b64encode(widest.data).decode("ascii")
    return Page(
        number=drawn.number,
        source=f"data:{media.JPEG};base64,{encoded}",
        width=widest.width,
        height=widest.height,
        text=texts[drawn.number - 1] if drawn.number <= len(texts) else "",
    )
