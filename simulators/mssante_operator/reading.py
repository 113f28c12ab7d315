"""What a mail that came shows: its words, its attachments, whatever it is."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from email.message import EmailMessage, Message
from email.utils import collapse_rfc2231_value
from typing import Any

PICTURES = {"image/png", "image/jpeg"}
_REPORTS = {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One attachment; `inside` are the names in an archive."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    inside: tuple[str, ...] = ()

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


def words_of(message: EmailMessage) -> str:
    """The plain text, else the source of the HTML, else nothing."""
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        return str(body.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError, AttributeError):
        return str(body.get_payload())


def pieces_of(message: EmailMessage) -> list[Piece]:
    """Everything beside the text, a report's fields as they stand."""
    return [_piece(part) for part in message.walk() if _is_piece(part)]


def _is_piece(part: EmailMessage) -> bool:
    return bool(part.get_filename()) or part.get_content_type() in _REPORTS


def _piece(part: EmailMessage) -> Piece:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else part.as_bytes()
    return Piece(
        name=_name(part), media_type=part.get_content_type(), data=data,
        inside=_inside(data),
    )  # fmt: skip


def _name(part: EmailMessage) -> str:
    """The form of RFC 2231 where there are two: the other one has lost its accents, and is what the library takes."""
    older = Message()
    for name, value in part.raw_items():
        if name.lower() == "content-disposition":
            older[name] = value
    params: list[tuple[str, Any]] = older.get_params([], header="content-disposition")
    names = [value for name, value in params if name == "filename"]
    best = next((each for each in names if isinstance(each, tuple)), None) or part.get_filename()
    return collapse_rfc2231_value(best) if best else part.get_content_type()


def _inside(data: bytes) -> tuple[str, ...]:
    if not data.startswith(b"PK"):
        return ()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return tuple(archive.namelist()[:100])
    except zipfile.BadZipFile:
        return ()
