"""M-06: a new message, to whom somebody may write (MSS-20)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from apps.mss.models import Correspondent, Draft
from apps.mss.policies import may_manage
from apps.mss.services import answerable as asking
from apps.mss.views import writing_acts, writing_steps
from apps.mss.views.writing_desk import new_desk
from apps.spaces.entry import SpaceRequest

BOXES_A_PAGE = 20
_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxLine:
    """One correspondent; `has_draft`: a new message to them was begun."""

    box: Correspondent
    has_draft: bool


@require_safe
def thread_new(request: SpaceRequest, space_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    """Who may be written to; without anybody, why."""
    actor = request.actor
    if not may_manage(actor):
        raise Http404
    boxes = asking.boxes_to_write(actor=actor)
    begun = set(Draft.objects.visible_to(actor).filter(thread_id=None).values_list("correspondent_id", flat=True))
    lines = [BoxLine(box=box, has_draft=box.id in begun) for box in boxes]
    context = {
        "page": Paginator(lines, BOXES_A_PAGE).get_page(request.GET.get("page")),
        "ended": asking.ended_boxes(actor=actor),
        "space": request.space_view,
    }
    return render(request, "mss/thread_new.html", context)


@require_http_methods(_METHODS)
def message_new(request: SpaceRequest, space_id: UUID, correspondent_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The new message itself."""
    desk = new_desk(request, correspondent_id)
    return writing_acts.act(desk) if request.method == "POST" else writing_acts.page(desk)


@require_http_methods(_METHODS)
def message_check(request: SpaceRequest, space_id: UUID, correspondent_id: UUID) -> HttpResponse:  # noqa: ARG001
    return writing_steps.check(new_desk(request, correspondent_id))


@require_http_methods(_METHODS)
def message_discard(request: SpaceRequest, space_id: UUID, correspondent_id: UUID) -> HttpResponse:  # noqa: ARG001
    return writing_steps.discard(new_desk(request, correspondent_id))
