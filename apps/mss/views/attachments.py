"""M-04: one attachment on a page of its own; its bytes, and those of a whole message, always as a download (SEC-08)."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.common import limited
from apps.files.models import StoredFile
from apps.formats import media
from apps.formats.mail.names import clean_name
from apps.mss.models import Attachment, Message
from apps.mss.services import reading
from apps.mss.views.preview import inner_file, preview_of
from apps.mss.views.rows import problem_words
from apps.spaces.entry import SpaceRequest

HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
_RAW = "message/rfc822"
_PLAIN = "application/octet-stream"
# What a browser may be told: everything else is bytes without a meaning (MSS-58, MSS-59).
_SERVED = frozenset({media.PDF, media.JPEG, media.PNG, media.TIFF, media.RTF, media.XML, _RAW, "application/zip"})


# No HEAD: it would leave a line in the history for a content that nobody has seen.
@require_http_methods(["GET"])
def attachment(request: SpaceRequest, space_id: UUID, attachment_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    content = _read(request, attachment_id, keeps=False)
    row = content.row
    assert isinstance(row, Attachment)  # noqa: S101  what was asked for
    context = {
        "attachment": row,
        "problem": problem_words(content.problem) if content.data is None else "",
        "preview": preview_of(row, content.data) if content.data is not None else None,
        "space": request.space_view,
    }
    return render(request, "mss/attachment.html", context)


@require_http_methods(["GET"])
@limited.by_session("download_session")
def attachment_file(request: SpaceRequest, space_id: UUID, attachment_id: UUID) -> HttpResponse:  # noqa: ARG001  as above
    content = _read(request, attachment_id, keeps=True)
    assert isinstance(content.row, Attachment)  # noqa: S101  as above
    return _download(content, content.row.media_type, content.row.name)


@require_http_methods(["GET"])
@limited.by_session("download_session")
def inner(request: SpaceRequest, space_id: UUID, attachment_id: UUID, number: int) -> HttpResponse:  # noqa: ARG001  as above
    content = _read(request, attachment_id, keeps=True)
    found = inner_file(content.data, number) if content.data is not None else None
    if found is None:
        raise Http404
    extension = found.served_type.rpartition("/")[2]
    name = _("attachment %(number)s") % {"number": number}
    return _attached(found.data or b"", found.served_type, f"{name}.{extension}")


@require_http_methods(["GET"])
@limited.by_session("download_session")
def message_raw(request: SpaceRequest, space_id: UUID, message_id: UUID) -> HttpResponse:  # noqa: ARG001  as above
    """The message as it came, signatures and all (MSS-39)."""
    try:
        content = reading.read_raw(actor=request.actor, message_id=message_id, at=timezone.now())
    except reading.ContentNotFoundError as error:
        raise Http404 from error
    assert isinstance(content.row, Message)  # noqa: S101  as above
    return _download(content, _RAW, f"message-{content.row.received_at:%Y-%m-%d}.eml")


def _read(request: SpaceRequest, attachment_id: UUID, *, keeps: bool) -> reading.Content:
    now = timezone.now()
    try:
        return reading.read_attachment(actor=request.actor, attachment_id=attachment_id, at=now, keeps=keeps)
    except reading.ContentNotFoundError as error:
        raise Http404 from error


def _download(content: reading.Content, media_type: str, name: str) -> HttpResponse:
    if content.data is None:
        later = content.problem in {reading.AWAY, StoredFile.State.WAITING}
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE if later else HTTPStatus.GONE)
    return _attached(content.data, media_type, name)


def _attached(data: bytes, media_type: str, name: str) -> HttpResponse:
    """Both forms of the name; neither turns the direction of writing nor ends a line (S14, S21)."""
    full = clean_name(name) or "document"
    stem, dot, ending = full.rpartition(".")
    plain = (
        f"{slugify(stem) or 'document'}.{slugify(ending)}" if dot and slugify(ending) else slugify(full) or "document"
    )
    served = media_type if media_type in _SERVED else _PLAIN
    response = HttpResponse(data, content_type=served, headers=HEADERS)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"
    return response
