"""Rendering of documents and pictures of pages, held against the bare libraries doing the same in this process."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median

import pypdfium2
from lxml import etree

from apps.formats import media
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.pictures import Shown
from apps.formats.decoding import draw_pages, open_file
from apps.formats.documents import RenderOptions, read_cda, render_document, render_header
from apps.journeys.demonstration.documents import DOCUMENTS, build

_TODAY = date(2026, 1, 1)
_TIMES = 15
_WIDE, _QUALITY = 1440, 82


def measure() -> Iterator[str]:
    """Lines of the result. Reading and rendering as ratios to a bare parse, pages as ratios to bare PDFium."""
    for document in DOCUMENTS:
        yield _rendered(document.key, build(document, today=_TODAY))
    booklet = next(document for document in DOCUMENTS if document.builder == "booklet")
    payload = read_cda(build(booklet, today=_TODAY)).payload
    if payload is not None and payload.data is not None:
        yield from _pages(payload.data)


def _rendered(key: str, data: bytes) -> str:
    parse = _usual(lambda: etree.fromstring(data))
    read = _usual(lambda: read_cda(data))
    document = read_cda(data)
    shown = _usual(lambda: _render(document))
    whole = read + shown
    return f"{key}: read {read * 1e3:.2f} ms, render {shown * 1e3:.2f} ms; {whole / parse:.1f} times a bare parse"


def _render(document: CdaDocument) -> None:
    render_header(document)
    render_document(document, RenderOptions(show=lambda _file: Shown()))


def _pages(data: bytes) -> Iterator[str]:
    pages = open_file(data, media.PDF).pages
    start = _usual(lambda: list(draw_pages(data, media.PDF, first=1, last=1)), times=5)
    ours = _usual(lambda: list(draw_pages(data, media.PDF, first=1, last=pages)), times=3)
    bare = _usual(lambda: _bare(data), times=3)
    opened = _usual(lambda: open_file(data, media.PDF), times=5)
    yield f"PDF of {pages} pages: texts after {opened * 1e3:.0f} ms, first page after {start * 1e3:.0f} ms"
    yield f"PDF: {pages / ours:.0f} pages/s in two widths, {ours / bare:.2f} times the time of bare PDFium in one"


def _bare(data: bytes) -> None:
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            picture = page.render(scale=_WIDE / page.get_width(), rev_byteorder=True).to_pil()
            picture.convert("RGB").save(io.BytesIO(), "JPEG", quality=_QUALITY)


def _usual(act: Callable[[], object], times: int = _TIMES) -> float:
    """Median seconds of one run."""
    seconds = []
    for _ in range(times):
        before = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - before)
    return median(seconds)
