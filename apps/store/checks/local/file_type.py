"""A file is what its name says, and of a kind that people can look at (STO-103, SEC-11)."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from apps.formats import media
from apps.store.checks.base import FileFacts, Finding, Subject, Tools
from apps.store.checks.findings import failed, passed
from apps.store.checks.local.contents import ids, looked_at
from apps.store.checks.local.reasons import Reason

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {
    media.PDF: frozenset({"pdf"}),
    media.PNG: frozenset({"png"}),
    media.JPEG: frozenset({"jpg", "jpeg"}),
    CSV: frozenset({"csv"}),
    XLSX: frozenset({"xlsx"}),
}
_ENDING = re.compile(r"[a-z0-9]{1,10}")
_ZIP = b"PK\x03\x04"
# Names of members stand unpacked in a zip: a workbook is known without opening it (no bomb is ever unpacked).
_WORKBOOK = (b"[Content_Types].xml", b"xl/workbook.xml")
_MACROS = b"vbaProject.bin"
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class FileType:
    """Content, ending of the name and the list of what is allowed say the same."""

    code = "file_type"
    rule = "STO-103"
    version = 1
    criterion = ""  # those of the file
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return ids(subject.files)

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        return looked_at(target, subject, _judged)


def kind_of(data: bytes) -> str:
    """Media type by content alone; text of any code page that a spreadsheet writes counts as CSV."""
    found = media.sniff(data)
    if found == media.UNKNOWN and data.startswith(_ZIP) and all(name in data for name in _WORKBOOK):
        return XLSX
    return CSV if found == media.TEXT or (found == media.UNKNOWN and _is_windows_text(data)) else found


def has_macros(kind: str, data: bytes) -> bool:
    """Whether a workbook of this media type holds a program."""
    return kind == XLSX and _MACROS in data


def _is_windows_text(data: bytes) -> bool:
    try:
        text = data.decode("cp1252").strip()
    except UnicodeDecodeError:
        return False
    return bool(text) and not _NOT_TEXT.search(data) and not text.startswith("<")


def _judged(file: FileFacts, data: bytes) -> Finding:
    kind, ending = kind_of(data), ending_of(file.name)
    if kind not in ENDINGS:
        return failed(Reason.TYPE_NOT_ALLOWED, content=kind, ending=ending)
    if ending not in ENDINGS[kind]:
        return failed(Reason.TYPE_MISMATCH, content=kind, ending=ending)
    if has_macros(kind, data):
        return failed(Reason.TYPE_MACROS, content=kind, ending=ending)
    return passed(content=kind, ending=ending)


def ending_of(name: str) -> str:
    """`pdf` of « rapport.PDF »; empty where there is none that could be one."""
    ending = PurePosixPath(name.replace("\\", "/").strip()).suffix.removeprefix(".").lower()
    return ending if _ENDING.fullmatch(ending) else ""
