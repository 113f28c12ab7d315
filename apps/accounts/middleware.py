"""Counts requests of signed-in people and says on the sign-in page that a session has ended."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse

from apps.accounts.sessions import SessionStore, facts_of

ENDED = "fin"  # parameter of the sign-in page


class SessionRulesMiddleware:
    """Stands behind the authentication middleware; the limits themselves are kept by the session engine (SEC-15)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        had_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        session = request.session
        if had_cookie and isinstance(session, SessionStore) and SESSION_KEY in session:
            if request.path != reverse("accounts:session_expiring"):  # asking for the end does not move it (S-12)
                session.touch()
            request.session_end = session.facts.ends_at  # type: ignore[attr-defined]  # shown by the frame
        response = self.get_response(request)
        if had_cookie and _leads_to_sign_in(response) and facts_of(request).has_ended:
            response.headers["Location"] += f"&{ENDED}=1"
        return response


def _leads_to_sign_in(response: HttpResponseBase) -> bool:
    """A refusal by `login_required`: a redirection to the sign-in page with `next`."""
    if response.status_code != HTTPStatus.FOUND:
        return False
    target = urlsplit(response.headers["Location"])
    return target.path == resolve_url(settings.LOGIN_URL) and "next=" in target.query
