"""Files drawn at once by a child process, for a page that stands alone (`dmp_render`): pictures as data (SEC-11)."""

from __future__ import annotations

import base64
from contextlib import closing

from apps.formats import media
from apps.formats.cda.attachments import Attachment
from apps.formats.cda.pictures import Picture, Shown, may_be_picture
from apps.formats.decoding import DecoderLostError, RefusedFileError, draw_pages, open_file


def drawn_here(attachment: Attachment) -> Shown:
    """A picture drawn anew, without its metadata; of a PDF what is to be told of it. Other files are only named."""
    data = attachment.data or b""
    if may_be_picture(attachment):
        return _picture(data, attachment.sniffed_type or "")
    if attachment.data is not None and attachment.sniffed_type == media.PDF:
        return _pdf(data)
    return Shown()


def _picture(data: bytes, media_type: str) -> Shown:
    try:
        with closing(draw_pages(data, media_type, first=1, last=1)) as pages:
            page = next(pages, None)
    except (RefusedFileError, DecoderLostError):
        return Shown()
    if page is None:
        return Shown()
    widest = page.pictures[0]
    source = f"data:{media.JPEG};base64,{base64.b64encode(widest.data).decode('ascii')}"
    return Shown(picture=Picture(src=source, width=widest.width, height=widest.height))


def _pdf(data: bytes) -> Shown:
    try:
        return Shown(warnings=open_file(data, media.PDF).warnings)
    except RefusedFileError as error:
        return Shown(warnings=frozenset(media.PdfWarning(word) for word in error.warnings))
    except DecoderLostError:
        return Shown()
