"""Files of strangers as pictures of pages and as text, made by a locked-down child process (SEC-11, docs/adr/0009).

What comes back is checked again: a child that was taken over can send wrong pictures, but nothing that is not one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from apps.formats import media
from apps.formats.media import PdfWarning
from apps.formats.picture_headers import JPEG_SIGNATURE, picture_size
from apps.formats.sandbox.frames import Message
from apps.formats.sandbox.process import ask
from apps.formats.sandbox.refusal import DecoderLostError, Reason, RefusedFileError

__all__ = [
    "DecoderLostError", "DrawnPage", "DrawnPicture", "Opened", "Reason", "RefusedFileError", "can_open", "draw_pages",
    "open_file",
]  # fmt: skip

MAX_PAGES = 500
_MAX_TEXTS = 5_000_000
_WORKERS = {
    media.PDF: "pdf",
    media.JPEG: "picture",
    media.PNG: "picture",
    media.TIFF: "picture",
    media.RTF: "rtf",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """`pages` that can be drawn; `texts` of the pages, or the one text of a file without pages; `warnings` (DMP-106)
    that do not keep the file from being shown."""

    pages: int
    texts: tuple[str, ...]
    warnings: frozenset[PdfWarning]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPicture:
    """A JPEG that we made; width and height in pixels."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """One page from 1, in one or two widths, the widest first."""

    number: int
    pictures: tuple[DrawnPicture, ...]


def can_open(media_type: str | None) -> bool:
    """Whether there is a way to show files of this type (by content)."""
    return media_type in _WORKERS


def open_file(data: bytes, media_type: str) -> Opened:
    """What the file holds. Raises `RefusedFileError`: locked, active, damaged, or beyond a limit (DMP-106, SEC-11);
    `DecoderLostError`: try again.
    """
    with closing(ask(_WORKERS[media_type], {"act": "look"}, data)) as answers:
        return _opened(next(answers, Message(facts={})))


def draw_pages(data: bytes, media_type: str, *, first: int, last: int) -> Generator[DrawnPage]:
    """Pages one after the other, as they are drawn. Raises `RefusedFileError` where the child comes to its end,
    `DecoderLostError` where it is ended from outside.
    """
    number = first
    with closing(ask(_WORKERS[media_type], {"act": "draw", "first": first, "last": last}, data)) as answers:
        for answer in answers:
            yield DrawnPage(number=number, pictures=tuple(_picture(payload) for payload in answer.payloads))
            number += 1
            if number > last:
                return


def _opened(answer: Message) -> Opened:
    warnings = frozenset(PdfWarning(word) for word in answer.facts.get("warnings", ()) if word in set(PdfWarning))
    if PdfWarning.ENCRYPTED in warnings:
        raise RefusedFileError(Reason.ENCRYPTED, warnings)
    if warnings & media.ACTIVE:
        raise RefusedFileError(Reason.ACTIVE, warnings)
    pages = answer.facts.get("pages")
    if PdfWarning.UNREADABLE in warnings or not isinstance(pages, int) or not 0 <= pages <= MAX_PAGES:
        raise RefusedFileError(Reason.DAMAGED, warnings)
    return Opened(pages=pages, texts=_texts(answer), warnings=warnings)


def _texts(answer: Message) -> tuple[str, ...]:
    if not answer.payloads:
        return ()
    try:
        texts = json.loads(answer.payloads[0])
    except ValueError as error:
        raise RefusedFileError(Reason.DAMAGED) from error
    if not isinstance(texts, list) or sum(len(text) for text in texts if isinstance(text, str)) > _MAX_TEXTS:
        raise RefusedFileError(Reason.DAMAGED)
    return tuple(_clean(text) if isinstance(text, str) else "" for text in texts)


def _clean(text: str) -> str:
    """Line ends of one kind, no control characters, no halves of characters."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "ignore").decode()
    return _CONTROL.sub("", whole).strip()


def _picture(data: bytes) -> DrawnPicture:
    size = picture_size(data) if data.startswith(JPEG_SIGNATURE) else None
    if size is None or not all(size):
        raise RefusedFileError(Reason.DAMAGED)
    return DrawnPicture(width=size[0], height=size[1], data=data)
