"""Builds the Actor of a request from the space in its URL (architecture 3.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from apps.access import Role, Section
from apps.accounts.levels import reaches
from apps.accounts.models import User
from apps.accounts.sessions import facts_of, level_of
from apps.spaces.entry import SpaceRequest, ended_access, enter
from apps.spaces.perimeter import is_served
from apps.spaces.services.errors import SpaceNotFoundError

# Sections by the names of their addresses: to a delegate for whom one is closed its pages do not exist (SPA-55).
_READING = {
    "dmp:": Section.DOCUMENTS,
    "mss:": Section.MESSAGES,
    "journeys:draft_documents": Section.DOCUMENTS,
    "journeys:access_history": Section.HISTORY,
}
_MANAGING = {
    "dmp:document_hide": Section.DOCUMENTS,
    "dmp:document_unhide": Section.DOCUMENTS,
    "dmp:selection_hide": Section.DOCUMENTS,
    "dmp:selection_file": Section.DOCUMENTS,
    "dmp:folder_create": Section.DOCUMENTS,
    "dmp:folder_rename": Section.DOCUMENTS,
    "dmp:folder_delete": Section.DOCUMENTS,
    "dmp:document_pin": Section.DOCUMENTS,
    "dmp:document_unpin": Section.DOCUMENTS,
    "journeys:attachment_save": Section.DOCUMENTS,
    "journeys:draft_documents": Section.MESSAGES,
    "mss:thread_close": Section.MESSAGES,
    "mss:thread_reopen": Section.MESSAGES,
    "mss:thread_bin": Section.MESSAGES,
    "mss:thread_restore": Section.MESSAGES,
    "mss:message_report": Section.MESSAGES,
    "mss:message_send_again": Section.MESSAGES,
    "mss:sender_block": Section.MESSAGES,
    "mss:sender_unblock": Section.MESSAGES,
    "mss:reply": Section.MESSAGES,
    "mss:reply_check": Section.MESSAGES,
    "mss:reply_discard": Section.MESSAGES,
    "mss:thread_new": Section.MESSAGES,
    "mss:message_new": Section.MESSAGES,
    "mss:message_check": Section.MESSAGES,
    "mss:message_discard": Section.MESSAGES,
    "mss:pharmacy_search": Section.MESSAGES,
    "mss:pharmacy_choose": Section.MESSAGES,
}

_OUTSIDE_SPACES = frozenset({Role.STAFF.value, Role.PUBLISHER.value})


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
        if facts_of(request).role in _OUTSIDE_SPACES:
            raise Http404  # whatever their rights as a person: a role is a session of its own (SEC-15)
        now, level = timezone.now(), level_of(request)
        if not reaches(level, settings.HOLDER_MIN_LEVEL):
            return redirect_to_login(request.get_full_path(), resolve_url("accounts:level"))  # SEC-34
        entry = enter(user=request.user, space_id=space_id, level=level, at=now)
        if entry is None:
            ended_at = ended_access(user=request.user, space_id=space_id, level=level, at=now)
            request.ended_access_at = ended_at  # type: ignore[attr-defined]
            raise Http404
        request.actor, request.space_view = entry.actor, entry.view  # type: ignore[attr-defined]
        _refuse_closed_section(cast("SpaceRequest", request))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:  # noqa: ARG002  Django's signature
        """A space that closed after this request had entered it: the same page as one request later (SEC-01)."""
        if isinstance(exception, SpaceNotFoundError):
            raise Http404 from exception
        return None


def _refuse_closed_section(request: SpaceRequest) -> None:
    actor = request.actor
    name = request.resolver_match.view_name if request.resolver_match is not None else ""
    if not is_served(name, request.space_view.services):
        raise Http404  # outside the perimeter of this space (decisions.md 38)
    closed = [section for start, section in _READING.items() if name.startswith(start) and not actor.reads(section)]
    if closed or (name in _MANAGING and not actor.manages(_MANAGING[name])):
        raise Http404
