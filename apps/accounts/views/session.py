"""S-12: how long the session lasts, and going on with it. Looking at the first page does not prolong anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.sessions import SessionFacts, facts_of, limits_of
from apps.accounts.views.targets import own_path
from apps.ui import outcome
from apps.ui.words import clock


@require_safe
def session_expiring(request: HttpRequest) -> HttpResponse:
    """The end of the session, for people and for `session.js`; visitors have none."""
    facts = facts_of(request) if request.user.is_authenticated else SessionFacts()
    if _wants_json(request):
        return _as_json(facts, timezone.now())
    if facts.ends_at is None:
        return redirect_to_login(request.get_full_path())
    context = {"ends_at": facts.ends_at, "is_last": _is_last(facts), "next": own_path(request, _next(request))}
    return render(request, "accounts/session_expiring.html", context)


@require_POST
@login_required
def session_extend(request: HttpRequest) -> HttpResponse:
    """Go on: the middleware has counted this request like any other, up to the absolute limit (SEC-15)."""
    facts = facts_of(request)
    if _wants_json(request):
        return _as_json(facts, timezone.now())
    told = outcome.Outcome(
        title=_("You stay signed in"),
        detail=_("Without action, your session ends at %(time)s.") % {"time": clock(facts.ends_at)},
    )
    outcome.tell(request, told)
    return redirect(own_path(request, request.POST.get("next", "")) or settings.LOGIN_REDIRECT_URL)


def _as_json(facts: SessionFacts, at: datetime) -> JsonResponse:
    """`seconds` until the end, 0 without a session; `last`: going on does not move it."""
    left = max(0, int((facts.ends_at - at).total_seconds())) if facts.ends_at else 0
    time = clock(facts.ends_at) if facts.ends_at else ""
    return JsonResponse({"seconds": left, "time": time, "last": _is_last(facts)})


def _is_last(facts: SessionFacts) -> bool:
    """The end is the absolute one (a second of difference is rounding)."""
    if facts.ends_at is None or facts.opened_at is None:
        return False
    absolute = facts.opened_at + limits_of(facts.role)[1]
    return facts.ends_at >= absolute - timedelta(seconds=1)


def _next(request: HttpRequest) -> str:
    return request.GET.get("next", "")


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
