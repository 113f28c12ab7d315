"""O-08: two opposite requests, as one of the two representatives sees them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.levels import reaches
from apps.accounts.sessions import level_of
from apps.rollout.services.own_conflicts import own_conflicts


@require_safe
@login_required
def opposition_conflict(request: HttpRequest) -> HttpResponse:
    """The opening is held, both have been told, an operator decides; no identity of the other one (decisions.md 7)."""
    identity_id = getattr(request.user, "identity_id", None)
    may_see = identity_id is not None and reaches(level_of(request), settings.HOLDER_MIN_LEVEL)
    rows = own_conflicts(identity_id) if identity_id is not None and may_see else []
    context = {"conflicts": rows, "postal_address": settings.OPPOSITION_POSTAL_ADDRESS}
    return render(request, "rollout/opposition_conflict.html", context)
