"""Public pages: home (P-01) and site map (P-06)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.journeys.guide import AboutPage
from apps.journeys.service_state import service_state
from apps.ui.middleware import indexable


@require_safe
@indexable
def home(request: HttpRequest) -> HttpResponse:
    """Say what the service is; somebody signed in goes on to their space."""
    if request.user.is_authenticated:
        return redirect("journeys:choose_space")
    return render(request, "journeys/home.html", {"service": service_state(at=timezone.now())})


@require_safe
@indexable
def site_map(request: HttpRequest) -> HttpResponse:
    return render(request, "journeys/site_map.html", {"about_pages": list(AboutPage)})
