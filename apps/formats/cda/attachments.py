"""Files inside a document: the level-1 payload and the `observationMedia` of sections (DMP-89, DMP-91, DMP-105)."""

from __future__ import annotations

import binascii
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from apps.formats import media
from apps.formats.cda.nodes import attribute, child, text_of

_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*(?:=\s*){0,2}", re.ASCII)


class AttachmentProblem(StrEnum):
    """Why there are no usable bytes."""

    EMPTY = "empty"
    BASE64 = "base64"
    NOT_ATTACHED = "not-attached"
    COMPRESSED = "compressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file of a document.

    `number` counts from 1 in the order of the document, 0 is the level-1 file; `element_id` is the `ID` that the
    narrative refers to; `declared_type` what the document says, `sniffed_type` what the bytes are; `reference` an
    address that is never followed; `data` is None exactly when there is a `problem`.
    """

    number: int
    element_id: str | None
    declared_type: str | None
    sniffed_type: str | None
    data: bytes | None
    reference: str | None
    problem: AttachmentProblem | None

    @property
    def size(self) -> int:
        return len(self.data or b"")

    @property
    def sha256(self) -> str | None:
        return None if self.data is None else hashlib.sha256(self.data).hexdigest()

    @property
    def type_differs(self) -> bool:
        """The declared type is not what the bytes are (DMP-105)."""
        return self.data is not None and self.declared_type is not None and self.declared_type != self.sniffed_type

    @property
    def served_type(self) -> str:
        """The only type a download may carry: the sniffed one, or octet-stream when the declared one lies."""
        if self.sniffed_type is None or (self.type_differs and not self._is_picture_for_picture):
            return media.UNKNOWN
        return self.sniffed_type

    @property
    def _is_picture_for_picture(self) -> bool:
        # A PNG that is called a JPEG (seen in an official sample) is harmless and still the picture meant.
        return self.sniffed_type in media.PICTURES and self.declared_type in media.PICTURES

    @property
    def is_picture(self) -> bool:
        """A picture that a page may show: JPEG or PNG by content, declared as a picture, of a sane size (SEC-11)."""
        return self.data is not None and self.served_type in media.PICTURES and media.is_showable_picture(self.data)


def read_attachment(value: etree._Element, *, number: int, element_id: str | None) -> Attachment:
    """Read an HL7 `ED` element: base64, text, or a reference that is never followed (DMP-89, DMP-116)."""
    declared = media.normal_type(attribute(value, "mediaType"))
    reference = child(value, "reference")
    data, problem = _content(value, declared)
    if data is None and reference is not None:
        problem = AttachmentProblem.NOT_ATTACHED
    return Attachment(
        number=number,
        element_id=element_id,
        declared_type=declared,
        sniffed_type=None if data is None else media.sniff(data),
        data=data,
        reference=None if reference is None else attribute(reference, "value"),
        problem=problem,
    )


def _content(value: etree._Element, declared: str | None) -> tuple[bytes | None, AttachmentProblem | None]:
    text = text_of(value)
    if not text.strip():
        return None, AttachmentProblem.EMPTY
    is_base64 = (attribute(value, "representation") or "TXT").upper() == "B64"
    if not is_base64 and (declared or "text/plain").startswith("text/"):
        return text.encode("utf-8"), None
    # A binary type without `representation` can only have been meant as base64.
    if not _BASE64.fullmatch(text):
        return None, AttachmentProblem.BASE64
    try:
        data = binascii.a2b_base64(text)  # skips line ends without a copy of the text
    except ValueError:
        return None, AttachmentProblem.BASE64
    # An official sample says "DF" (deflate) of a plain JPEG: bytes of the declared type need no unpacking.
    if attribute(value, "compression") is not None and media.sniff(data) != declared:
        return None, AttachmentProblem.COMPRESSED
    return (data, None) if data else (None, AttachmentProblem.EMPTY)
