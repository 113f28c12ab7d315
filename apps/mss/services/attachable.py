"""What may be added to a message, under which name, and how much still fits (MSS-56, MSS-58, S18, S21): pure rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings

from apps.formats import media
from apps.formats.mail.names import MAX_NAME, clean_name

FILES_AT_MOST = 10
TEXT_AT_MOST = 20_000  # characters of a text
_RESERVED = 200_000  # bytes of a message for its text and its headers
_GROWTH = 137  # per cent: base64 with its line ends
# Kinds by content, with the endings that say them truly; the first one is given where another stands.
_ENDINGS = {
    media.PDF: ("pdf",),
    media.JPEG: ("jpg", "jpeg", "jfif"),
    media.PNG: ("png",),
    media.TIFF: ("tif", "tiff"),
    media.RTF: ("rtf",),
    media.TEXT: ("txt",),
}
ENDINGS = tuple(ending for endings in _ENDINGS.values() for ending in endings)
_STEM = "document"


class FileFault(StrEnum):
    """Why a file was not added."""

    EMPTY = "empty"
    KIND = "kind"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"


class FileRefusedError(Exception):
    """The file was not added and nothing of it was kept; `room` is what still fits, in bytes."""

    def __init__(self, fault: FileFault, *, room: int = 0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.room = room


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as the browser sent it; neither its name nor its bytes are to be trusted."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)


def room_of(sizes: Iterable[int]) -> int:
    """Bytes of files that still fit into a message which has files of these sizes (MSS-56); never below zero."""
    most = (settings.MSS_MAX_MESSAGE_BYTES - _RESERVED) * 100 // _GROWTH
    return max(most - sum(sizes), 0)


def kind_of(data: bytes) -> str:
    """Media type by content. Raises `FileRefusedError`: empty, or of a kind that is not sent (MSS-58)."""
    if not data:
        raise FileRefusedError(FileFault.EMPTY)
    media_type = media.sniff(data)
    if media_type not in _ENDINGS:
        raise FileRefusedError(FileFault.KIND)
    return media_type


def name_of(name: str, *, media_type: str) -> str:
    """The name that the receiver sees: without tricks of writing, with an ending that says the truth (S21)."""
    endings = _ENDINGS[media_type]
    clean = clean_name(name) or _STEM
    _, dot, ending = clean.rpartition(".")
    if dot and ending.lower() in endings:
        return clean
    room = MAX_NAME - len(endings[0]) - 1
    return f"{clean.encode()[:room].decode('utf-8', 'ignore').rstrip(' .')}.{endings[0]}"
