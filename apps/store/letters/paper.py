"""A document as data, and its PDF/UA-1 (decisions.md 35). Words travel as data and are never read as code."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext, override

LANGUAGE = "fr"
_TEMPLATE = Path(__file__).parents[1] / "data" / "document.typ"
_LAST_EUROPEAN = 0x4FF  # end of Cyrillic


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`kind`: heading (`text`), text and list (`lines`), terms (`pairs`), table (`head`, `rows`)."""

    kind: str
    text: str = ""
    lines: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document; `reference` stands at the foot of each page, `address` and `signature` are lines."""

    title: str
    reference: str
    parts: Sequence[Part]
    address: Sequence[str] = ()
    signature: Sequence[str] = ()


def heading(text: str) -> Part:
    """A heading of the first level."""
    return Part(kind="heading", text=text)


def text(words: str) -> Part:
    """Paragraphs of what somebody wrote: one for each line that is not empty."""
    return Part(kind="text", lines=[line.strip() for line in words.splitlines() if line.strip()])


def bullets(lines: Sequence[str]) -> Part:
    """A list without numbers."""
    return Part(kind="list", lines=lines)


def terms(*pairs: tuple[str, str]) -> Part:
    """Terms with their values."""
    return Part(kind="terms", pairs=pairs)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Part:
    """A table whose first line names the columns."""
    return Part(kind="table", head=head, rows=rows)


def pdf_of(write: Callable[[], Document]) -> bytes:
    """PDF/UA-1 of the document that `write` makes in the language of the letters."""
    with override(LANGUAGE):
        document = write()
        data = json.dumps(_data(document), ensure_ascii=False)
    made: bytes = typst.compile(str(_TEMPLATE), format="pdf", sys_inputs={"data": data}, pdf_standards=["ua-1"])
    return made


def _data(document: Document) -> dict[str, Any]:
    return {
        "author": gettext("Referencing of digital health services"),
        "title": printable(document.title),
        "reference": printable(document.reference),
        "address": [printable(line) for line in document.address],
        "signature": [printable(line) for line in document.signature],
        "parts": [_part(part) for part in document.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "text": printable(part.text),
        "lines": [printable(line) for line in part.lines],
        "pairs": [[printable(term), printable(value)] for term, value in part.pairs],
        "head": [printable(cell) for cell in part.head],
        "rows": [[printable(cell) for cell in row] for row in part.rows],
    }


def printable(words: str) -> str:
    """What the type of the documents can show: European scripts; `?` for anything else."""
    return "".join(_shown(letter) for letter in words)


def _shown(letter: str) -> str:
    if unicodedata.category(letter)[0] == "C":
        return ""
    return letter if ord(letter) <= _LAST_EUROPEAN or "\u2010" <= letter <= "\u202f" else "?"
