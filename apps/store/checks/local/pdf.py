"""PDF evidence that people and search can read, and that does nothing by itself (STO-101, DMP-106, SEC-11)."""

from __future__ import annotations

from collections.abc import Set

from django.conf import settings

from apps.formats import media
from apps.formats.decoding import DecoderLostError, RefusedFileError, open_file
from apps.formats.media import PdfWarning
from apps.formats.sandbox import refusal
from apps.store.checks.base import FileFacts, Finding, Subject, Tools
from apps.store.checks.findings import failed, flagged, in_trouble, passed
from apps.store.checks.local.contents import ids, looked_at
from apps.store.checks.local.reasons import Reason

_FAILS = {
    refusal.Reason.ENCRYPTED: Reason.PDF_ENCRYPTED,
    refusal.Reason.DAMAGED: Reason.PDF_DAMAGED,
    refusal.Reason.NOTHING: Reason.PDF_DAMAGED,
    refusal.Reason.TOO_MANY_PAGES: Reason.PDF_TOO_MANY_PAGES,
}


class Pdf:
    """Opened by a child process, never here. A scan without text, actions that are no script, and pages that no decoder
    gets through are for a person to look at.
    """

    code = "pdf"
    rule = "STO-101"
    version = 1
    criterion = ""  # those of the file
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return ids(tuple(file for file in subject.files if file.media_type == media.PDF))

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        return looked_at(target, subject, _judged)


def _judged(_file: FileFacts, data: bytes) -> Finding:
    if len(data) > settings.STORE_PDF_BYTES:
        return failed(Reason.PDF_TOO_HEAVY, bytes=len(data))
    try:
        opened = open_file(data, media.PDF)
    except RefusedFileError as error:
        return _refused(error)
    except DecoderLostError:
        return in_trouble(Reason.DECODER_LOST)
    letters = sum(len(text) for text in opened.texts)
    if not letters:
        return flagged(Reason.PDF_NO_TEXT, pages=opened.pages)
    return passed(pages=opened.pages, letters=letters)


def _refused(error: RefusedFileError) -> Finding:
    seen = sorted(str(warning) for warning in error.warnings)
    if error.reason == refusal.Reason.ACTIVE:
        return _active(error.warnings, seen)
    if error.reason in _FAILS:
        return failed(_FAILS[error.reason], seen=seen)
    return flagged(Reason.PDF_TOO_COMPLEX)


def _active(warnings: Set[str], seen: list[str]) -> Finding:
    if PdfWarning.JAVASCRIPT in warnings:
        return failed(Reason.PDF_SCRIPT, seen=seen)
    if PdfWarning.EMBEDDED_FILES in warnings:
        return failed(Reason.PDF_EMBEDDED, seen=seen)
    return flagged(Reason.PDF_ACTIVE, seen=seen)
