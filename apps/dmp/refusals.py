"""Why a deposit was refused, in words for the sender."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _

from apps.dmp.services.errors import Refusal
from apps.formats.cda.reader import DocumentErrorCode
from apps.formats.errors import UnreadableInputError
from apps.formats.refusals import refusal_words
from apps.formats.xml import XmlErrorCode


def deposit_refusal_words(refusal: Refusal) -> str:
    """One sentence; numbers in brackets are the error codes of the CI-SIS (DMP-83, DMP-67)."""
    sentences = {
        "902": _("The patient is unknown (902)."),
        "903": _("The document carries no INS number (903)."),
        "904": _("The document is about another person than the holder of this space (904)."),
        "905": _("The identity in the document is incomplete (905)."),
        "900": _("Only the last version of a document may be replaced (900)."),
        "901": _("Only the author of a document, or the same organisation, may replace it (901)."),
        "file-type": _("Only PDF, text and picture files may be added."),
        "no-unique-id": _("The document has no identifier."),
        "value-too-long": _("A value in the heading of the document is too long."),
        "same-id-other-content": _("A document with the same identifier but another content is already filed."),
        "labels-exclude-each-other": _("A document cannot be hidden and announced later at the same time."),
        "label-for-minors-only": _("Only documents of minors may be kept from representatives."),
    }
    return sentences.get(refusal.code) or refusal_words(UnreadableInputError(_code(refusal.code)))


def _code(code: str) -> StrEnum:
    known: dict[str, StrEnum] = {member.value: member for kind in (XmlErrorCode, DocumentErrorCode) for member in kind}
    return known.get(code, XmlErrorCode.NOT_WELL_FORMED)
