"""M-03: answering in a conversation; its draft, its check, the end of the draft."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from apps.mss.views import writing_acts, writing_steps
from apps.mss.views.writing_desk import reply_desk
from apps.spaces.entry import SpaceRequest

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
def reply(request: SpaceRequest, space_id: UUID, thread_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    """The answer, with what was begun before; in words why there is none (MSS-25)."""
    desk = reply_desk(request, thread_id)
    return writing_acts.act(desk) if request.method == "POST" else writing_acts.page(desk)


@require_http_methods(_METHODS)
def reply_check(request: SpaceRequest, space_id: UUID, thread_id: UUID) -> HttpResponse:  # noqa: ARG001
    return writing_steps.check(reply_desk(request, thread_id))


@require_http_methods(_METHODS)
def reply_discard(request: SpaceRequest, space_id: UUID, thread_id: UUID) -> HttpResponse:  # noqa: ARG001
    return writing_steps.discard(reply_desk(request, thread_id))
