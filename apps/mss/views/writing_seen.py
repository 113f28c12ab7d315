"""What a form says that its page showed: of the draft, of its files, and who gets the message."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.mss.services.drafting import Seen
from apps.spaces.entry import SpaceRequest


def posted_draft(request: SpaceRequest) -> UUID | None:
    """The id of the draft, or of the one to be."""
    return uuid_of(request.POST.get("draft", ""))


def seen_at(request: SpaceRequest) -> datetime | None:
    """Which state of the draft; None for none."""
    try:
        return datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None


def seen_draft(request: SpaceRequest) -> Seen:
    """The draft with its files."""
    return Seen(saved_at=seen_at(request), file_ids=frozenset(_ids(request, "pieces")))


def seen_boxes(request: SpaceRequest) -> tuple[UUID, ...]:
    """Who gets the message: first whom it goes to, then those who get it when it goes to all."""
    return _ids(request, "boxes")


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _ids(request: SpaceRequest, name: str) -> tuple[UUID, ...]:
    found = (uuid_of(text) for text in request.POST.get(name, "").split())
    return tuple(each for each in found if each is not None)
