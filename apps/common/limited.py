"""Decorators of views that may be asked for so often only (SEC-09); refused requests get the 429 page of ER-01."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.common import limits
from apps.common.addresses import client_address

View = Callable[..., HttpResponse]


def by_address(act: str) -> Callable[[View], View]:
    """Limit of `act` for the address of the browser, for each page on its own."""
    return _limited(act, lambda request: f"{request.path} {client_address(request)}")


def by_session(act: str) -> Callable[[View], View]:
    """Limit of `act` for the session of the browser; for its address when it has none."""
    return _limited(act, lambda request: request.session.session_key or client_address(request))


def _limited(act: str, key_of: Callable[[HttpRequest], str]) -> Callable[[View], View]:
    def decorator(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401  any view's
            now = timezone.now()
            verdict = limits.allow(act=act, key=key_of(request), at=now)
            return view(request, *args, **kwargs) if verdict.allowed else limits.refusal(verdict=verdict, at=now)

        return limited

    return decorator
