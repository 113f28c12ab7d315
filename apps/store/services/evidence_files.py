"""What may enter the vault of a publisher, by content alone, and under which name (PU-06, SEC-11, S31)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.conf import settings

from apps.formats import media
from apps.formats.mail.names import MAX_NAME, clean_name
from apps.store.checks.local.file_type import CSV, ENDINGS, XLSX, ending_of, has_macros, kind_of
from apps.store.models import Evidence

PICTURES = frozenset({media.PNG, media.JPEG})
FIRST_ENDINGS = {media.PDF: "pdf", media.PNG: "png", media.JPEG: "jpg", CSV: "csv", XLSX: "xlsx"}
ACCEPT = ".pdf,.png,.jpg,.jpeg,.csv,.xlsx"
_STEM = "piece"


class FileFault(StrEnum):
    """Why a file was not taken; nothing of it was kept."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    KIND = "kind"
    MACROS = "macros"
    NO_PICTURE = "no-picture"
    TOO_MANY = "too-many"
    TOO_OFTEN = "too-often"


class FileRefusedError(Exception):
    """`fault` says why."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as the browser sent it; neither its name nor its bytes are to be trusted. `token`: id of its piece, so
    that sent twice it is one.
    """

    name: str = field(repr=False)
    data: bytes = field(repr=False)
    token: UUID | None = None


def type_of(upload: Upload, *, use: str) -> str:
    """Media type by content. Text is taken as a table only under a name of one: content alone does not tell.

    A logo and a screenshot are PNG or JPEG; SVG is markup and never taken (S31). Raises `FileRefusedError`.
    """
    if not upload.data:
        raise FileRefusedError(FileFault.EMPTY)
    if len(upload.data) > settings.STORE_PDF_BYTES:
        raise FileRefusedError(FileFault.TOO_LARGE)
    kind = kind_of(upload.data)
    if kind not in ENDINGS or (kind == CSV and ending_of(upload.name) != "csv"):
        raise FileRefusedError(FileFault.KIND)
    if has_macros(kind, upload.data):
        raise FileRefusedError(FileFault.MACROS)
    if use in {Evidence.Use.LOGO, Evidence.Use.SCREENSHOT} and kind not in PICTURES:
        raise FileRefusedError(FileFault.NO_PICTURE)
    return kind


def name_of(name: str, *, media_type: str) -> str:
    """The name that people see: without tricks of writing, with an ending that says the truth (S21)."""
    clean = clean_name(name) or _STEM
    if ending_of(clean) in ENDINGS[media_type]:
        return clean
    ending = FIRST_ENDINGS[media_type]
    room = MAX_NAME - len(ending) - 1
    return f"{clean.encode()[:room].decode('utf-8', 'ignore').rstrip(' .')}.{ending}"
