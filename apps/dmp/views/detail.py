"""D-03: read one document and decide about it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.audit.services import readers_count
from apps.dmp import services
from apps.dmp.views.about import about, folder_pair
from apps.dmp.views.shown import copies_of, level_one_pages, prepared_of
from apps.dmp.views.states import problem_of, state_lines
from apps.dmp.views.viewer import viewer_of
from apps.dmp.views.viewers import who_may_see
from apps.dmp.views.withdrawn import withdrawn_page
from apps.dmp.words import document_name
from apps.spaces.administrators import disclosure_of
from apps.spaces.entry import SpaceRequest

RESULTS = "BIOLOGIE"


# No HEAD: it would leave a line in the history for a content that nobody has seen.
@require_http_methods(["GET"])
def document_detail(request: SpaceRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    now, space = timezone.now(), request.space_view
    try:
        reading = services.open_document(actor=request.actor, document_id=document_id, at=now)
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    except services.DocumentWithdrawnError:
        return withdrawn_page(request)
    document = reading.document
    prepared = prepared_of(document)
    neighbours = services.neighbours_of(actor=request.actor, document=document)
    context = {
        "document": document,
        "name": document_name(document),
        "states": state_lines(document, neighbours, is_own=space.is_own),
        "neighbours": neighbours,
        "viewer": viewer_of(reading, prepared),
        "copies": copies_of(document, prepared),
        "pages": level_one_pages(request, document, prepared),
        "problem": problem_of(reading),
        "has_original": reading.data is not None,
        "followed": services.followed_in(actor=request.actor, document=document) if reading.cda else (),
        "about": (*about(reading), *folder_pair(document)),
        "is_results": document.category == RESULTS,
        "viewers": who_may_see(document, disclosure_of(space_id=space_id, at=now), space),
        "readers": readers_count(scope_id=space_id, target=f"document:{document.id}"),
    }
    return render(request, "dmp/document_detail.html", context)
