"""PDF files: what is in them, the text of their pages, pictures of their pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pypdfium2
from pikepdf import PdfError

from apps.formats.media import ACTIVE, PdfWarning
from apps.formats.sandbox.frames import Message
from apps.formats.sandbox.inside.jpeg import MODE, fitting, page_message
from apps.formats.sandbox.inside.pdf_look import pdf_warnings
from apps.formats.sandbox.inside.serving import RefusedError, serve
from apps.formats.sandbox.refusal import Reason

MAX_PAGES = 500
MAX_PAGE_TEXT = 40_000  # characters
MAX_TEXT = 4_000_000
_CLOSED = ACTIVE | {PdfWarning.ENCRYPTED, PdfWarning.UNREADABLE}


def look(_facts: dict[str, Any], data: bytes) -> Iterator[Message]:
    """The warnings; for a file that is shown the number of its pages and, as payload, their texts."""
    warnings = pdf_warnings(data)
    facts: dict[str, Any] = {"warnings": sorted(warnings)}
    if warnings & _CLOSED:
        yield Message(facts=facts)
        return
    with _opened(data) as pdf:
        yield Message(facts={**facts, "pages": len(pdf)}, payloads=(json.dumps(_texts(pdf)).encode(),))


def draw(facts: dict[str, Any], data: bytes) -> Iterator[Message]:
    """Pictures of the pages from `first` to `last`, counted from 1."""
    with _opened(data) as pdf:
        pdf.init_forms()  # fields and visible signatures are drawn; this build of PDFium has no scripts
        for number in range(facts["first"], min(facts["last"], len(pdf)) + 1):
            page = pdf[number - 1]
            bitmap = page.render(scale=fitting(*page.get_size()), rev_byteorder=True)
            picture = bitmap.to_pil()
            yield page_message(number, picture if picture.mode == MODE else picture.convert(MODE))
            bitmap.close()
            page.close()


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    pdf = pypdfium2.PdfDocument(data)
    if len(pdf) > MAX_PAGES:
        raise RefusedError(Reason.TOO_MANY_PAGES)
    if len(pdf) == 0:
        raise RefusedError(Reason.NOTHING)
    return pdf


def _texts(pdf: pypdfium2.PdfDocument) -> list[str]:
    texts, left = [], MAX_TEXT
    for number in range(len(pdf)):
        page = pdf[number]
        text = page.get_textpage().get_text_range()[: min(left, MAX_PAGE_TEXT)]
        texts.append(text)
        left -= len(text)
        page.close()
    return texts


if __name__ == "__main__":
    serve({"look": look, "draw": draw}, damaged=(pypdfium2.PdfiumError, PdfError))
