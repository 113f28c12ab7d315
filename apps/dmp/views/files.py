"""D-04: bytes of a document or of a file inside it, always as an attachment (DMP-104, SEC-08)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.common import limited
from apps.dmp import services
from apps.dmp.models import Document
from apps.dmp.views.withdrawn import withdrawn_page
from apps.dmp.words import file_names
from apps.formats import media
from apps.spaces.entry import SpaceRequest

HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Bytes with the only type they may carry."""

    data: bytes
    media_type: str
    number: int


# No HEAD: it would leave a line in the history for a content that nobody has taken.
@require_http_methods(["GET"])
@limited.by_session("download_session")
def document_file(request: SpaceRequest, space_id: UUID, document_id: UUID, number: int | None = None) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    try:
        reading = services.download_document(
            actor=request.actor, document_id=document_id, number=number, at=timezone.now()
        )
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    except services.DocumentWithdrawnError:
        return withdrawn_page(request)
    if reading.problem == "gone":
        return HttpResponse(status=HTTPStatus.GONE)
    if reading.problem == "away":
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    download = _whole(reading) if number is None else _inside(reading, number)
    if download is None:
        raise Http404
    return _attachment(reading.document, download)


def _whole(reading: services.Reading) -> Download | None:
    """The original, byte for byte (S03)."""
    if reading.data is None:
        return None
    return Download(data=reading.data, media_type=media.sniff(reading.data), number=0)


def _inside(reading: services.Reading, number: int) -> Download | None:
    """A file of the document: 0 is that of a level-1 document, attachments of sections count from 1."""
    found = reading.cda.file(number) if reading.cda else None
    if found is None or found.data is None:
        return None
    return Download(data=found.data, media_type=found.served_type, number=number)


def _attachment(document: Document, download: Download) -> HttpResponse:
    plain, full = file_names(document, media_type=download.media_type, number=download.number)
    response = HttpResponse(download.data, content_type=download.media_type, headers=HEADERS)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"
    return response
