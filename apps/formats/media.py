"""What bytes really are: signatures and the size of pictures; nothing is decoded here (DMP-105, DMP-106, SEC-11)."""

from __future__ import annotations

import re
from enum import StrEnum

from apps.formats.picture_headers import JPEG_SIGNATURE, PNG_SIGNATURE, picture_size

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
RTF = "text/rtf"
XML = "application/xml"
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"

PICTURES = frozenset({JPEG, PNG, TIFF})

MAX_PIXELS = 50_000_000

_SIGNATURES = (
    (b"%PDF-", PDF),
    (JPEG_SIGNATURE, JPEG),
    (PNG_SIGNATURE, PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"{\\rtf", RTF),
)
_ALIASES = {
    "application/rtf": RTF,
    "text/richtext": RTF,
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "image/tif": TIFF,
    "text/xml": XML,
    "application/x-pdf": PDF,
}
_MARKUP = re.compile(r"\s*<[?!A-Za-z]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_UTF16_MARKS = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")


class PdfWarning(StrEnum):
    """What is told of a PDF; most of it is offered as a download only (DMP-106)."""

    OPEN_ACTION = "open-action"
    ADDITIONAL_ACTIONS = "additional-actions"
    JAVASCRIPT = "javascript"
    EMBEDDED_FILES = "embedded-files"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    XFA = "xfa"  # a form that programs draw: its pages say only that another viewer is needed
    SIGNED = "signed"


ACTIVE = frozenset(
    {
        PdfWarning.OPEN_ACTION,
        PdfWarning.ADDITIONAL_ACTIONS,
        PdfWarning.JAVASCRIPT,
        PdfWarning.EMBEDDED_FILES,
        PdfWarning.XFA,
    }
)


def sniff(data: bytes) -> str:
    """Media type of the bytes, by content alone; never raises.

    Returns one of the constants of this module. Everything that begins like markup (HTML and SVG too) is
    `application/xml`: a type that is never shown in a page (DMP-104). Other UTF-8 text is `text/plain`.
    """
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    if data.startswith(_UTF16_MARKS):
        return XML
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return UNKNOWN
    if not text.strip() or _NOT_TEXT.search(text):
        return UNKNOWN
    return XML if _MARKUP.match(text) else TEXT


def normal_type(declared: str | None) -> str | None:
    """A declared media type without parameters, in small letters, in the spelling of this module."""
    if declared is None:
        return None
    bare = declared.partition(";")[0].strip().lower()
    return _ALIASES.get(bare, bare) or None


def is_showable_picture(data: bytes) -> bool:
    """Whether a page may show these bytes: a JPEG or PNG by content, at most 50 million pixels (SEC-11)."""
    if sniff(data) not in {JPEG, PNG}:
        return False
    size = picture_size(data)
    return size is not None and 0 < size[0] * size[1] <= MAX_PIXELS
