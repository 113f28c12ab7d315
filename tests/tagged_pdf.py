"""What a screen reader needs of a PDF (decisions.md 35): PDF/UA-1, tags, language, title."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager

import pikepdf

PDF_UA = "pdfuaid:part"


def opened(data: bytes) -> AbstractContextManager[pikepdf.Pdf]:
    return pikepdf.open(io.BytesIO(data))


def faults_of_pdf(data: bytes) -> list[str]:
    """What is missing: an empty list is a PDF that says of itself all that PDF/UA-1 asks for."""
    with opened(data) as pdf, pdf.open_metadata(update_docinfo=False) as metadata:
        root = pdf.Root
        preferences = root.get("/ViewerPreferences", pikepdf.Dictionary())
        found = {
            "PDF/UA-1": metadata.get(PDF_UA) == "1",
            "marks": bool(root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked", False)),
            "tree of tags": "/K" in root.get("/StructTreeRoot", pikepdf.Dictionary()),
            "language": str(root.get("/Lang", "")) == "fr",
            "title": bool(str(metadata.get("dc:title", "")).strip()),
            "title on show": bool(preferences.get("/DisplayDocTitle", False)),
        }
    return [name for name, is_there in found.items() if not is_there]
