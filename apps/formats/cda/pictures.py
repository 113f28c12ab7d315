"""Attachments where the text calls for them: pictures as data, everything else in words (DMP-91, DMP-104, SEC-11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.formats import media, words
from apps.formats.cda.attachments import Attachment, AttachmentProblem
from apps.formats.cda.safe import element, text

MAX_SHOWN_BYTES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that we drew: an address or a data URI, pixels, and other widths of it as `srcset` has them."""

    src: str
    width: int
    height: int
    srcset: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a page shows one file: its `picture`, or (`elsewhere`) outside of the text, or at `reading_url`.

    `warnings` of a PDF (DMP-106); `note` is the sentence that stands where the file is not shown.
    """

    picture: Picture | None = None
    elsewhere: bool = False
    reading_url: str = ""
    warnings: frozenset[media.PdfWarning] = frozenset()
    note: str = ""


Show = Callable[[Attachment], Shown]


def may_be_picture(attachment: Attachment) -> bool:
    """Whether the file is a picture of a size that is shown; a larger one is only named."""
    return attachment.size <= MAX_SHOWN_BYTES and attachment.is_picture


def image(attachment: Attachment, picture: Picture, description: str | None) -> SafeString:
    """The picture with a text alternative and its own size."""
    return element(
        "img",
        attributes={
            "class": "ens-cda__picture",
            "src": picture.src,
            "srcset": picture.srcset or None,
            "sizes": "(min-width: 62em) 50rem, 100vw" if picture.srcset else None,
            "alt": description or _unnamed(attachment),
            "width": str(picture.width),
            "height": str(picture.height),
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


def caution_words(attachment: Attachment, found: frozenset[media.PdfWarning]) -> list[str]:
    """Why a file is offered with caution: its type lies, it acts by itself, it is locked (DMP-105, DMP-106)."""
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
    if media.PdfWarning.SIGNED in found:
        cautions.append(_("This PDF carries an electronic signature, which is not checked here."))
    return cautions


def missing_picture() -> SafeString:
    """For a reference that leads nowhere (DMP-91)."""
    return element("span", text(_("image not available")), {"class": "ens-cda__missing"})
