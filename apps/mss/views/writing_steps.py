"""The pages behind that of writing: the check before a message with files leaves, the end of a draft (M-03, MSS-36)."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.mss.forms.writing import ALL
from apps.mss.services import answerable as asking
from apps.mss.services import drafting
from apps.mss.services.drafting import DraftChangedError
from apps.mss.views.writing_acts import send_draft
from apps.mss.views.writing_desk import Desk, renewed
from apps.mss.views.writing_seen import posted_draft, seen_draft
from apps.mss.views.writing_words import changed_words
from apps.ui import outcome
from apps.ui.outcome import Outcome


def check(desk: Desk) -> HttpResponse:
    """Everything once more, then the message leaves; without a draft there is nothing to check."""
    request, draft_id = desk.request, posted_draft(desk.request)
    asked = request.POST if request.method == "POST" else request.GET
    to_all = asked.get("a") == ALL and desk.recipients is not None
    if request.method != "POST":
        return _check_page(desk, to_all=to_all) if desk.draft is not None else redirect(desk.url())
    if draft_id is None:
        return redirect(desk.url())
    try:
        answer = send_draft(desk, draft_id, to_all=to_all, seen=seen_draft(request))
    except DraftChangedError as error:
        return _check_page(renewed(desk, error.draft), to_all=to_all, fault=changed_words())
    return answer if isinstance(answer, HttpResponse) else _check_page(desk, to_all=to_all, fault=answer)


def discard(desk: Desk) -> HttpResponse:
    """Asks, then throws the draft away; without one there is nothing to ask."""
    request = desk.request
    if request.method != "POST":
        if desk.draft is None:
            return redirect(desk.url())
        return _discard_page(desk)
    if desk.draft is not None:
        try:
            drafting.discard(actor=request.actor, draft_id=desk.draft.id, at=timezone.now(), seen=seen_draft(request))
        except DraftChangedError as error:
            return _discard_page(renewed(desk, error.draft), is_changed=True)
    outcome.tell(request, Outcome(title=_("Draft deleted")))
    return redirect(desk.back_url())


def _discard_page(desk: Desk, *, is_changed: bool = False) -> HttpResponse:
    context = {"desk": desk, "pieces": _pieces(desk), "is_changed": is_changed, "space": desk.request.space_view}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_changed else HTTPStatus.OK
    return render(desk.request, "mss/draft_discard.html", context, status=status)


def _pieces(desk: Desk) -> str:
    """The files that the page shows, for the form."""
    return " ".join(str(row.id) for row in desk.files)


def _check_page(desk: Desk, *, to_all: bool, fault: str = "") -> HttpResponse:
    draft, lines, opened = desk.draft, desk.lines(), desk.opened()
    is_refused = any(line.is_refused for line in lines)
    context = {
        "desk": desk,
        "text": opened.text,
        "pieces": _pieces(desk),
        "subject": desk.thread.subject if desk.thread is not None else draft.subject if draft is not None else "",
        "names": desk.names(to_all=to_all),
        "lines": lines,
        "is_stopped": is_refused or bool(opened.fault) or not desk.answer.may_answer,
        "is_waiting": any(line.is_waiting for line in lines),
        "left": asking.left_activity(desk.answer.boxes),
        "to": ALL if to_all else "",
        "fault": fault or opened.fault,
        "was_tried": bool(fault),
        "edit_url": desk.url() + (f"?a={ALL}" if to_all else ""),
        "space": desk.request.space_view,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return render(desk.request, "mss/writing_check.html", context, status=status)
