"""Signed in, but not in a way that opens a space (SEC-34, S-02): what to do."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.views.targets import own_path


@require_safe
@login_required
def level(request: HttpRequest) -> HttpResponse:
    """The same for every space, known or unknown: it says something of the sign-in alone."""
    return render(request, "accounts/level.html", {"next": own_path(request, request.GET.get("next", ""))})
