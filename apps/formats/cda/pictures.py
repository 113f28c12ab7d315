"""Attachments where the text calls for them: pictures as data, everything else in words (DMP-91, DMP-104, SEC-11)."""

from __future__ import annotations

import base64

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.formats import media, words
from apps.formats.cda.attachments import Attachment, AttachmentProblem
from apps.formats.cda.safe import element, text
from apps.formats.picture_headers import picture_size

MAX_SHOWN_BYTES = 10_000_000


def shows_as_picture(attachment: Attachment) -> bool:
    """Whether the page shows the picture itself; a larger one is only named."""
    return attachment.size <= MAX_SHOWN_BYTES and attachment.is_picture


def picture(attachment: Attachment, description: str | None) -> SafeString:
    """The picture itself as a data URI with a text alternative and its own size."""
    data = attachment.data or b""
    width, height = picture_size(data) or (None, None)
    return element(
        "img",
        attributes={
            "class": "ens-cda__picture",
            "src": f"data:{attachment.sniffed_type};base64,{base64.b64encode(data).decode('ascii')}",
            "alt": description or _unnamed(attachment),
            "width": str(width or ""),
            "height": str(height or ""),
        },
    )


def _unnamed(attachment: Attachment) -> str:
    return _("Picture %(number)s of the document, without description") % {"number": attachment.number}


def name_words(attachment: Attachment) -> str:
    """`Attachment 2 (PDF document, 62 kB)`; the level-1 file has no number."""
    if attachment.data is None and attachment.number:
        return _("Attachment %(number)s (not readable)") % {"number": attachment.number}
    if attachment.data is None:
        return _("File of the document (not readable)")
    numbered = _("Attachment %(number)s (%(type)s, %(size)s)")
    pattern = numbered if attachment.number else _("File of the document (%(type)s, %(size)s)")
    return pattern % {
        "number": attachment.number,
        "type": words.type_words(attachment.sniffed_type),
        "size": words.size_words(attachment.size),
    }


def problem_words(attachment: Attachment) -> str | None:
    """Why there is nothing to open, in one sentence."""
    sentences = {
        AttachmentProblem.EMPTY: _("The document announces a file but contains nothing."),
        AttachmentProblem.BASE64: _("The file inside the document is damaged and cannot be read."),
        AttachmentProblem.NOT_ATTACHED: _(
            "Content not attached: the document only names a file that did not come with it."
        ),
        AttachmentProblem.COMPRESSED: _("The file inside the document is packed in a way that cannot be read here."),
    }
    return None if attachment.problem is None else sentences[attachment.problem]


def caution_words(attachment: Attachment) -> list[str]:
    """Why a file is offered with caution: its type lies, it acts by itself, it is locked (DMP-105, DMP-106)."""
    found = attachment.pdf_warnings
    cautions = []
    if attachment.type_differs:
        cautions.append(
            _("The document announces “%(declared)s” but the content is “%(found)s”.")
            % {
                "declared": words.type_words(attachment.declared_type),
                "found": words.type_words(attachment.sniffed_type),
            }
        )
    if media.PdfWarning.ENCRYPTED in found:
        cautions.append(_("This PDF is protected by a password."))
    if media.PdfWarning.UNREADABLE in found:
        cautions.append(_("This PDF is damaged and may not open."))
    if found & media.ACTIVE:
        cautions.append(_("This PDF contains active elements: it is only offered for download."))
    return cautions


def missing_picture() -> SafeString:
    """For a reference that leads nowhere (DMP-91)."""
    return element("span", text(_("image not available")), {"class": "ens-cda__missing"})
