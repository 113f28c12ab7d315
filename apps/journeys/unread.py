"""The number of unread conversations, asked once a request: for the menu of every page and for the home (MSS-35)."""

from __future__ import annotations

from django.http import HttpRequest

from apps.access import Actor
from apps.mss.services.reading import unread_threads

_KEPT = "unread_threads"


def unread_number(request: HttpRequest) -> int:
    """Of the space that the request is in; 0 outside of spaces and for whoever may not read messages."""
    if not hasattr(request, _KEPT):
        actor: Actor | None = getattr(request, "actor", None)
        setattr(request, _KEPT, unread_threads(actor) if actor is not None else 0)
    number: int = getattr(request, _KEPT)
    return number
