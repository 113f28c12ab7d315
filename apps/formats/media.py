"""What bytes really are: signatures, a look into PDF files, the size of pictures (DMP-105, DMP-106, SEC-11)."""

from __future__ import annotations

import io
import re
from enum import StrEnum

import pikepdf

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
    """Why a PDF is offered as a download only (DMP-106)."""

    OPEN_ACTION = "open-action"
    ADDITIONAL_ACTIONS = "additional-actions"
    JAVASCRIPT = "javascript"
    EMBEDDED_FILES = "embedded-files"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"


ACTIVE = frozenset(
    {PdfWarning.OPEN_ACTION, PdfWarning.ADDITIONAL_ACTIONS, PdfWarning.JAVASCRIPT, PdfWarning.EMBEDDED_FILES}
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


def pdf_warnings(data: bytes) -> frozenset[PdfWarning]:
    """What in this PDF acts by itself or hides (DMP-106); an empty set means nothing was found."""
    # Readers differ on a trailer that names an encryption dictionary which is not there: the name alone is told.
    marked = {PdfWarning.ENCRYPTED} if b"/Encrypt" in data else set()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return frozenset(_found_in(pdf) | marked)
    except pikepdf.PasswordError:
        return frozenset({PdfWarning.ENCRYPTED})
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError):
        return frozenset({PdfWarning.UNREADABLE} | marked)


def _found_in(pdf: pikepdf.Pdf) -> set[PdfWarning]:
    root = pdf.Root
    names = root.get("/Names", pikepdf.Dictionary())
    found = set()
    if pdf.is_encrypted:
        found.add(PdfWarning.ENCRYPTED)
    if "/OpenAction" in root and _is_action(root.OpenAction):
        found.add(PdfWarning.OPEN_ACTION)
    if "/AA" in root or any("/AA" in page.obj for page in pdf.pages):
        found.add(PdfWarning.ADDITIONAL_ACTIONS)
    if "/EmbeddedFiles" in names:
        found.add(PdfWarning.EMBEDDED_FILES)
    if "/JavaScript" in names or _has_script(pdf):
        found.add(PdfWarning.JAVASCRIPT)
    return found


def _is_action(value: pikepdf.Object) -> bool:
    # A destination ("open at page 1, fit") is an array or a GoTo: it does nothing but scroll.
    return isinstance(value, pikepdf.Dictionary) and value.get("/S") != "/GoTo"


def _has_script(pdf: pikepdf.Pdf) -> bool:
    return any(isinstance(item, pikepdf.Dictionary) and ("/JS" in item) for item in pdf.objects) or (
        isinstance(pdf.Root.get("/OpenAction"), pikepdf.Dictionary) and "/JS" in pdf.Root.OpenAction
    )


def is_showable_picture(data: bytes) -> bool:
    """Whether a page may show these bytes: a JPEG or PNG by content, at most 50 million pixels (SEC-11)."""
    if sniff(data) not in {JPEG, PNG}:
        return False
    size = picture_size(data)
    return size is not None and 0 < size[0] * size[1] <= MAX_PIXELS
