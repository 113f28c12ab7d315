"""Pages of a file inside a document, and their pictures: the only bytes that are shown in place (D-04, SEC-08)."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.common import limited
from apps.dmp import services
from apps.dmp.views.files import HEADERS
from apps.dmp.views.page_frames import first_page, pages_view
from apps.dmp.views.withdrawn import withdrawn_page
from apps.dmp.words import document_name
from apps.files.gateways.base import StoreUnavailableError
from apps.files.services import FileGoneError
from apps.formats.media import JPEG
from apps.spaces.entry import SpaceRequest


# No HEAD: it would leave a line in the history for a content that nobody has seen.
@require_http_methods(["GET"])
def document_pages(request: SpaceRequest, space_id: UUID, document_id: UUID, number: int) -> HttpResponse:
    try:
        reading = services.open_document(actor=request.actor, document_id=document_id, at=timezone.now())
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    except services.DocumentWithdrawnError:
        return withdrawn_page(request)
    rendition = services.renditions_of(document=reading.document).get(number)
    if rendition is None or reading.cda is None:
        raise Http404
    here = reverse("dmp:document_pages", args=[space_id, document_id, number])
    context = {
        "document": reading.document,
        "name": document_name(reading.document),
        "number": number,
        "pages": pages_view(reading.document, rendition, first=first_page(request), base_url=here),
    }
    return render(request, "dmp/document_pages.html", context)


@require_http_methods(["GET"])
@limited.by_session("picture_session")
def page_picture(
    request: SpaceRequest, space_id: UUID, document_id: UUID, number: int, page: int, width: int  # noqa: ARG001  the middleware has used it
) -> HttpResponse:  # fmt: skip
    try:
        data = services.read_page_picture(
            actor=request.actor, document_id=document_id, place=services.Place(number=number, page=page, width=width),
            at=timezone.now(),
        )  # fmt: skip
    except (services.DocumentNotFoundError, services.DocumentWithdrawnError) as error:
        raise Http404 from error
    except (FileGoneError, StoreUnavailableError):
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    return HttpResponse(data, content_type=JPEG, headers={**HEADERS, "Content-Disposition": "inline"})
