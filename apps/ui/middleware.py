"""Headers of every page (security.md 4) and error pages for bare refusals."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from apps.ui import errors, reference

P = ParamSpec("P")
Answer = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS = ", ".join(
    (
        *(f"{feature}=()" for feature in ("camera", "microphone", "geolocation", "usb", "payment")),
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
    )
)
DRESSED = frozenset(
    {
        HTTPStatus.FORBIDDEN,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.GONE,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)


def indexable(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Mark a public page: search engines may list it."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        response.headers["X-Robots-Tag"] = "all"
        return response

    return marked


class SecurityHeadersMiddleware:
    """Stands outside the session's middleware, so that it sees the cookie that a sign-in sets."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        headers["Permissions-Policy"] = PERMISSIONS
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers.setdefault("X-Robots-Tag", "noindex")
        if identifier := reference.request_id():
            headers["X-Request-ID"] = identifier
        if _has_session(request, response):
            headers["Cache-Control"] = "no-store, private"
        if headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])  # the theme's cookie changes the page
        return response


class ErrorPagesMiddleware:
    """Gives the page of ER-01 to refusals without a body (`HttpResponseForbidden()`, `require_POST`); headers stay.

    Stands inside the session's middleware: the page holds a form with a token.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            isinstance(response, HttpResponse)
            and response.status_code in DRESSED
            and not response.content
            and request.accepts("text/html")
        ):
            response.content = errors.body(request, HTTPStatus(response.status_code), response.headers)
            response.headers["Content-Type"] = "text/html; charset=utf-8"
        return response


def _has_session(request: HttpRequest, response: HttpResponseBase) -> bool:
    """By the cookie, not by `request.user`: that would cost a query on pages that need none (SEC-16)."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
