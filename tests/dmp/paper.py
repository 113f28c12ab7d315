"""Files that stand inside documents of tests: PDF and TIFF of so many pages."""

from __future__ import annotations

import io

import pikepdf
from PIL import Image

from apps.journeys.demonstration.documents.pdf import text_pdf


def pdf_of(*texts: str) -> bytes:
    """One page for each text."""
    whole = pikepdf.new()
    for text in texts:
        with pikepdf.open(io.BytesIO(text_pdf(text, title="Compte rendu"))) as one:
            whole.pages.extend(one.pages)
    held = io.BytesIO()
    whole.save(held)
    return held.getvalue()


def tiff_of(pages: int) -> bytes:
    """Page n is 60 pixels wide and 80 + n high."""
    frames = [Image.new("1", (60, 80 + number), 1) for number in range(1, pages + 1)]
    held = io.BytesIO()
    frames[0].save(held, "TIFF", save_all=True, append_images=frames[1:], compression="group4")
    return held.getvalue()
