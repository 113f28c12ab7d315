"""D-05: one document on paper: everything unfolded, no menu, for whom and when."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.dmp import services
from apps.dmp.views.about import about
from apps.dmp.views.page_frames import printed_view
from apps.dmp.views.shown import prepared_of
from apps.dmp.views.states import problem_of, state_lines
from apps.dmp.views.viewer import viewer_of
from apps.dmp.views.withdrawn import withdrawn_page
from apps.dmp.words import document_name
from apps.spaces.entry import SpaceRequest


# No HEAD: it would leave a line in the history for a content that nobody has printed.
@require_http_methods(["GET"])
def document_print(request: SpaceRequest, space_id: UUID, document_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    now, space = timezone.now(), request.space_view
    try:
        reading = services.print_document(actor=request.actor, document_id=document_id, at=now)
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    except services.DocumentWithdrawnError:
        return withdrawn_page(request)
    document = reading.document
    prepared = prepared_of(document)
    context = {
        "document": document,
        "name": document_name(document),
        "holder": space.holder_name,
        "now": now,
        "states": state_lines(
            document, services.neighbours_of(actor=request.actor, document=document), is_own=space.is_own
        ),
        "viewer": viewer_of(reading, prepared, folded=False),
        "problem": problem_of(reading),
        "about": about(reading),
        "files": [printed_view(document, row) for row in prepared.renditions.values() if row.has_pages],
    }
    return render(request, "dmp/document_print.html", context)
