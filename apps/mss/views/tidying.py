"""M-05: close, reopen, put into the bin, restore a conversation. GET asks, POST acts; every act can be repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from apps.access import AccessDeniedError, Actor
from apps.mss.models import Thread
from apps.mss.services import reading, tidying
from apps.mss.services.closing import boxes_to_tell
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome

Words = str | Promise


class Service(Protocol):
    def __call__(self, *, actor: Actor, thread_id: UUID, at: datetime) -> Thread: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act on a conversation: its service, the words of its page and of its outcome, and what undoes it."""

    do: Service
    heading: Words
    effects: tuple[Words, ...]
    do_label: Words
    dont_label: Words
    done: Words
    detail: Words
    undo_name: str
    leaves: bool = False  # to the list: the conversation is no longer where it was


CLOSE = Act(
    do=tidying.close_thread,
    heading=gettext_lazy("Close this conversation"),
    effects=(gettext_lazy("You keep the messages. You can reopen it."),),
    do_label=gettext_lazy("Close the conversation"),
    dont_label=gettext_lazy("Leave it open"),
    done=gettext_lazy("Conversation closed"),
    detail=gettext_lazy("You keep the messages."),
    undo_name="mss:thread_reopen",
)
REOPEN = Act(
    do=tidying.reopen_thread,
    heading=gettext_lazy("Reopen this conversation"),
    effects=(gettext_lazy("Messages go on in it. The notice of the closing is not taken back."),),
    do_label=gettext_lazy("Reopen the conversation"),
    dont_label=gettext_lazy("Leave it closed"),
    done=gettext_lazy("Conversation reopened"),
    detail=gettext_lazy("Messages can be exchanged in it again."),
    undo_name="mss:thread_close",
)
BIN = Act(
    do=tidying.bin_thread,
    heading=gettext_lazy("Put this conversation into the bin"),
    effects=(
        gettext_lazy("The conversation goes into the bin for 30 days."),
        gettext_lazy("Attachments that were saved in Documents stay."),
        gettext_lazy("Your correspondent keeps their messages."),
    ),
    do_label=gettext_lazy("Put into the bin"),
    dont_label=gettext_lazy("Keep the conversation"),
    done=gettext_lazy("Conversation in the bin"),
    detail=gettext_lazy("It is erased in 30 days. A new message of your correspondent brings it back."),
    undo_name="mss:thread_restore",
    leaves=True,
)
RESTORE = Act(
    do=tidying.restore_thread,
    heading=gettext_lazy("Take this conversation out of the bin"),
    effects=(gettext_lazy("It comes back among your messages, with everything that is in it."),),
    do_label=gettext_lazy("Take out of the bin"),
    dont_label=gettext_lazy("Leave it in the bin"),
    done=gettext_lazy("Conversation restored"),
    detail=gettext_lazy("It is among your messages again."),
    undo_name="mss:thread_bin",
)


def _page_of(act: Act) -> Callable[..., HttpResponse]:
    def page(request: SpaceRequest, space_id: UUID, thread_id: UUID) -> HttpResponse:
        if request.method == "POST":
            return _do(request, (space_id, thread_id), act)
        return _ask(request, thread_id, act)

    return require_http_methods(["GET", "HEAD", "POST"])(page)


thread_close, thread_reopen, thread_bin, thread_restore = map(_page_of, (CLOSE, REOPEN, BIN, RESTORE))


@require_POST
def thread_unread(request: SpaceRequest, space_id: UUID, thread_id: UUID) -> HttpResponse:
    """« Marquer non lu »: back to the list, for opening the page would mark it read again."""
    try:
        changed = reading.mark_unread(actor=request.actor, thread_id=thread_id, at=timezone.now())
    except reading.ThreadNotFoundError as error:
        raise Http404 from error
    told = _("Conversation marked as unread") if changed else _("Nothing was received in this conversation")
    outcome.tell(request, Outcome(title=told))
    return redirect("mss:thread_list", space_id)


def _ask(request: SpaceRequest, thread_id: UUID, act: Act) -> HttpResponse:
    thread = Thread.objects.visible_to(request.actor).filter(id=thread_id).first()
    if thread is None:
        raise Http404
    effects = [*_told_words(act, thread), *map(str, act.effects)]
    context = {"thread": thread, "act": act, "effects": effects, "space": request.space_view}
    return render(request, "mss/thread_act.html", context)


def _told_words(act: Act, thread: Thread) -> list[str]:
    """Whom a closing keeps from answering and tells so: nobody where all have ended the exchange."""
    names = [box.display_name for box in boxes_to_tell(thread=thread)] if act is CLOSE else []
    if not names:
        return []
    words = ngettext(
        "%(names)s can no longer answer you in it, and is told so.",
        "%(names)s can no longer answer you in it, and are told so.",
        len(names),
    )
    return [words % {"names": ", ".join(names)}]


def _do(request: SpaceRequest, key: tuple[UUID, UUID], act: Act) -> HttpResponse:
    try:
        act.do(actor=request.actor, thread_id=key[1], at=timezone.now())
    except reading.ThreadNotFoundError as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()
    undo = reverse(act.undo_name, args=key)
    told = Outcome(title=str(act.done), detail=str(act.detail), link_url=undo, link_label=_("Undo"))
    outcome.tell(request, told)
    return redirect("mss:thread_list", key[0]) if act.leaves else redirect("mss:thread_detail", *key)
