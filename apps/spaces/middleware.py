"""Builds the Actor of a request from the space in its URL (architecture 3.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.sessions import level_of
from apps.spaces.entry import enter


class SpaceMiddleware:
    """Sets `request.actor` and `request.space_view`; unknown and forbidden spaces are the same 404 (SEC-01)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Nothing for pages outside spaces; sign-in first for visitors, whatever the space."""
        space_id = kwargs.get("space_id")
        if not isinstance(space_id, UUID):
            return None
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        entry = enter(user=request.user, space_id=space_id, level=level_of(request), at=timezone.now())
        if entry is None:
            raise Http404
        request.actor, request.space_view = entry.actor, entry.view  # type: ignore[attr-defined]
        return None
