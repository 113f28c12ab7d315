"""The thread of a dossier from our side, and what was asked for (PU-09, L11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.store import reasons, subjects
from apps.store.forms.case_acts import MessageForm
from apps.store.models import Candidacy, Evidence, Message, Request
from apps.store.services import cases, talking
from apps.store.views.act_page import attempt, data_of, done, say, show
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page, given_of
from apps.store.views.people_words import names_of
from apps.ui import words

PAGE = "case_exchange"
Titles = Mapping[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    about: str
    text: str
    is_ours: bool
    is_new: bool
    criterion: str
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """`lines`: what was asked for, the words of the request, the words of the answer."""

    title: str
    about: str
    text: str
    lines: tuple[tuple[str, str, str], ...]


@case_page(page="exchange")
@require_http_methods(["GET", "HEAD", "POST"])
def case_exchange(request: CaseRequest) -> HttpResponse:
    """Messages, the last first, and requests with their answers; a form for those who speak about the dossier."""
    case = request.case
    choices = [(one.code, f"{one.code} – {one.question[:80]}") for one in subjects.criteria_of(case)]
    form, error = MessageForm(data_of(request), criteria=choices), None
    if request.method == "POST" and form.is_valid():
        said, given = form.cleaned_data, given_of(request)
        error = attempt(lambda: talking.say(**given, text=said["text"], criterion=said["criterion"]))
        if error is None:
            detail = _("The publisher is told by e-mail that a message is waiting.")
            return done(request, _("Message sent"), detail, "store:case_exchange", case.id)
        say(form, error, at=request.actor.at)
    context = {
        **head_of(request, PAGE),
        **_thread(case),
        "may_write": request.actor.user_id in cases.speakers_of(case),
    }
    return show(request, "store/case_exchange.html", form=form, context=context, error=error)


def _thread(case: Candidacy) -> dict[str, object]:
    """Messages, requests, files and names: six queries."""
    messages = list(case.messages.order_by("-at", "-id"))
    requests = list(case.requests.order_by("-asked_at", "-id").prefetch_related("items"))
    names = names_of([*(str(row.author_id) for row in messages), *(str(row.asked_by_id) for row in requests)])
    rows = Evidence.objects.filter(candidacy=case).order_by("id").values_list("id", "title")
    titles: Titles = dict(rows)
    return {
        "messages": [_message(case, row, names, titles) for row in messages],
        "requests": [_request(row, names) for row in requests],
    }


def _message(case: Candidacy, row: Message, names: Mapping[str, str], titles: Titles) -> MessageLine:
    is_ours = row.side == Message.Side.REVIEW
    values = {"name": names.get(str(row.author_id), ""), "side": row.get_side_display(), "moment": words.moment(row.at)}
    found = [key for key in row.evidence_ids if key in titles]
    return MessageLine(
        about=_("%(name)s (%(side)s), %(moment)s") % values,
        text=row.text,
        is_ours=is_ours,
        is_new=not is_ours and row.read_at is None,
        criterion=row.criterion,
        pieces=tuple((titles[key], reverse("store:case_evidence", args=[case.id, key])) for key in found),
    )


def _request(row: Request, names: Mapping[str, str]) -> RequestLine:
    values = {"name": names.get(str(row.asked_by_id), ""), "moment": words.moment(row.asked_at)}
    return RequestLine(
        title=_("%(kind)s, round %(round)s") % {"kind": row.get_kind_display(), "round": row.round},
        about=" ".join((_("Asked by %(name)s, %(moment)s.") % values, _state(row))),
        text=row.text,
        lines=tuple(
            (item.criterion or str(reasons.ADMISSIBILITY.get(item.item, item.item)), item.text, item.answer)
            for item in sorted(row.items.all(), key=lambda item: (item.criterion, item.item))
        ),
    )


def _state(row: Request) -> str:
    if row.answered_at is not None:
        return _("Answered %(moment)s.") % {"moment": words.moment(row.answered_at)}
    if row.timed_out_at is not None:
        return _("No answer came in time.")
    return _("To be answered until %(day)s.") % {"day": words.day(row.due_at)}
