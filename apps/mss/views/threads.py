"""M-01 and M-02: conversations, newest first; one conversation with its messages, oldest first, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.access import Role
from apps.audit.services import Line, record
from apps.formats.mail.subjects import without_traits
from apps.mss import counters
from apps.mss.bodies import Bodies
from apps.mss.models import Attachment, Correspondent, Message, Thread
from apps.mss.services.outgoing import Delivery, deliveries
from apps.mss.services.senders import Origin, origins
from apps.mss.views.writing_part import answer_part
from apps.spaces.entry import SpaceRequest

THREADS_A_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLine:
    """One conversation of the list; `names` of the boxes that take part; the subject without the holder's traits, which
    others may see over the shoulder (MSS-32).
    """

    thread: Thread
    names: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message of the page; `text` is opened, `writer` in words; `origin` of what others wrote."""

    message: Message
    writer: str
    text: str
    deliveries: tuple[Delivery, ...]
    origin: Origin | None


@require_safe
def thread_list(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """What was received and what was sent; the bin has a page of its own."""
    rows = Thread.objects.visible_to(request.actor).filter(binned_at=None).order_by("-last_at", "-id")
    page = Paginator(rows, THREADS_A_PAGE).get_page(request.GET.get("page"))
    unread = counters.unread_threads(space_id=space_id)
    if request.actor.role is Role.DELEGATE:
        record(actor=request.actor, at=request.actor.at, line=Line(action="mss.list.read"))
    context = {
        "page": page,
        "lines": _lines(request, list(page)),
        "count": ngettext("%(count)s conversation", "%(count)s conversations", page.paginator.count)
        % {"count": page.paginator.count},
        "unread": ngettext("%(count)s unread", "%(count)s unread", unread) % {"count": unread} if unread else "",
        "may_write": "messages" in request.space_view.manages,
        "space": request.space_view,
    }
    return render(request, "mss/thread_list.html", context)


@require_safe
def thread_detail(request: SpaceRequest, space_id: UUID, thread_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    """The opening of a conversation leaves one line."""
    thread = Thread.objects.visible_to(request.actor).filter(id=thread_id).first()
    if thread is None:
        raise Http404
    shown = _shown(request, thread)
    line = Line(action="mss.message.read", target=f"thread:{thread.id}", facts={"messages": len(shown)})
    record(actor=request.actor, at=request.actor.at, line=line)
    context = {
        "thread": thread,
        "messages_shown": shown,
        "last_id": shown[-1].message.id if shown else None,
        "answer": answer_part(request, thread),
        "space": request.space_view,
    }
    return render(request, "mss/thread_detail.html", context)


def _lines(request: SpaceRequest, threads: list[Thread]) -> list[ThreadLine]:
    ids = [thread.id for thread in threads]
    boxes = Correspondent.objects.visible_to(request.actor).filter(messages__thread_id__in=ids)
    names: dict[UUID, list[str]] = {}
    pairs = boxes.values_list("messages__thread_id", "display_name").annotate(Count("id"))
    for thread_id, name, _number in pairs.order_by("display_name"):
        names.setdefault(thread_id, []).append(name)
    holder = [request.space_view.holder_name]
    return [
        ThreadLine(
            thread=thread,
            names=", ".join(names.get(thread.id, [])),
            subject=without_traits(thread.subject, holder) or _("No subject"),
        )
        for thread in threads
    ]


def _shown(request: SpaceRequest, thread: Thread) -> list[Shown]:
    files = Attachment.objects.visible_to(request.actor).filter(held="", parent_id=None).order_by("position")
    rows = (
        Message.objects.visible_to(request.actor)
        .filter(thread_id=thread.id)
        .select_related("author__identity")
        .prefetch_related(Prefetch("attachments", queryset=files))
        .order_by("received_at", "id")
    )
    messages, bodies = list(rows), Bodies(thread.space_id)
    ids = {each.correspondent_id for each in messages if each.correspondent_id}
    boxes = {box.id: box for box in Correspondent.objects.visible_to(request.actor).filter(id__in=ids)}
    known = origins(actor=request.actor, boxes=boxes.values())
    told = deliveries(actor=request.actor, message_ids=[each.id for each in messages])
    return [
        Shown(
            message=each,
            writer=_writer(request, each, boxes.get(each.correspondent_id) if each.correspondent_id else None),
            text=bodies.open(each.body_sealed, row_id=each.id),
            deliveries=tuple(told.get(each.id, ())),
            origin=_origin(each, known),
        )
        for each in messages
    ]


def _origin(message: Message, known: Mapping[UUID, Origin]) -> Origin | None:
    if message.direction != Message.Direction.RECEIVED or message.correspondent_id is None:
        return None
    return known.get(message.correspondent_id)


def _writer(request: SpaceRequest, message: Message, box: Correspondent | None) -> str:
    """Who wrote it; of the holder's side by their own name (MSS-14)."""
    if message.direction == Message.Direction.RECEIVED:
        return box.display_name if box is not None else _("Unknown sender")
    if message.author_id == request.actor.user_id:
        return _("You")
    identity = message.author.identity if message.author is not None else None
    return identity.display_name if identity is not None else _("Somebody who writes in this space")
