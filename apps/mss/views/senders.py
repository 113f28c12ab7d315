"""M-07 and what stands beside a message: block a sender, let them write again, report a message."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.access import AccessDeniedError
from apps.mss.models import Correspondent, Message
from apps.mss.services import reading, tidying
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_safe
def blocked_senders(request: SpaceRequest, space_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    rows = Correspondent.objects.visible_to(request.actor).filter(blocked_at__isnull=False)
    context = {"boxes": rows.order_by("display_name", "id"), "space": request.space_view}
    return render(request, "mss/blocked_senders.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sender_block(request: SpaceRequest, space_id: UUID, correspondent_id: UUID) -> HttpResponse:
    if request.method != "POST":
        box = Correspondent.objects.visible_to(request.actor).filter(id=correspondent_id).first()
        if box is None:
            raise Http404
        return render(request, "mss/sender_block.html", {"box": box, "space": request.space_view})
    try:
        tidying.block_sender(actor=request.actor, correspondent_id=correspondent_id, at=timezone.now())
    except reading.ContentNotFoundError as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()
    told = _("Sender blocked"), _("Their messages no longer reach you. They are not told.")
    outcome.tell(request, Outcome(title=told[0], detail=told[1]))
    return redirect("mss:blocked_senders", space_id)


@require_POST
def sender_unblock(request: SpaceRequest, space_id: UUID, correspondent_id: UUID) -> HttpResponse:
    try:
        tidying.unblock_sender(actor=request.actor, correspondent_id=correspondent_id, at=timezone.now())
    except reading.ContentNotFoundError as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()
    undo = reverse("mss:sender_block", args=[space_id, correspondent_id])
    told = _("Sender no longer blocked"), _("They can write to you again. What they sent meanwhile is lost.")
    outcome.tell(request, Outcome(title=told[0], detail=told[1], link_url=undo, link_label=_("Undo")))
    return redirect("mss:blocked_senders", space_id)


@require_http_methods(["GET", "HEAD", "POST"])
def message_report(request: SpaceRequest, space_id: UUID, message_id: UUID) -> HttpResponse:
    if request.method != "POST":
        received = Message.objects.visible_to(request.actor).filter(direction=Message.Direction.RECEIVED)
        message = received.filter(id=message_id).first()
        if message is None:
            raise Http404
        return render(request, "mss/message_report.html", {"message": message, "space": request.space_view})
    try:
        message = tidying.report_message(actor=request.actor, message_id=message_id, at=timezone.now())
    except reading.ContentNotFoundError as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()
    told = _("Message reported"), _("Thank you. The operators are told; they cannot read the message.")
    outcome.tell(request, Outcome(title=told[0], detail=told[1]))
    return redirect("mss:thread_detail", space_id, message.thread_id)
