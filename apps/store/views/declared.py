"""What was declared, word for word, as a file: for the publisher and for whoever compares later (STO-10, PU-07)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.access import Actor
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy
from apps.store.services import snapshots
from apps.store.views import act_page, dossiers
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.downloads import HEADERS


@case_page()
@require_safe
def case_declared(request: CaseRequest, declared: str) -> HttpResponse:
    """To the back office."""
    return _file(request.actor, request.case, declared)


@require_member
@require_safe
def candidacy_declared(request: PublisherRequest, candidacy_id: UUID, declared: str) -> HttpResponse:
    """To the members of the publisher."""
    return _file(request.actor, dossiers.dossier_of(request, candidacy_id), declared)


def _file(actor: Actor, candidacy: Candidacy, declared: str) -> HttpResponse:
    text = act_page.opened(
        lambda: snapshots.declared_text(actor=actor, candidacy_id=candidacy.pk, declared=declared, at=actor.at)
    )
    response = HttpResponse(text, content_type="application/json", headers=HEADERS)
    response["Content-Disposition"] = f'attachment; filename="declaration-{candidacy.number}-{declared[:8]}.json"'
    return response
