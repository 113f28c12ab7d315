"""SE-01: one page with every choice of a space."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.journeys.overview import settings_groups
from apps.spaces.entry import SpaceRequest
from apps.spaces.guards import deciders_only


@deciders_only
@require_safe
def settings(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Each choice with its present state and where to change it."""
    services = request.space_view.services
    groups = settings_groups(actor=request.actor, space_id=space_id, services=services, at=timezone.now())
    return render(request, "journeys/settings.html", {"groups": groups})
