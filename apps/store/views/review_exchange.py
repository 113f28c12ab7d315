"""The thread of a dossier from our side, and what was asked for (PU-09, L11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.store import reasons, subjects
from apps.store.forms.case_acts import MessageForm
from apps.store.models import Candidacy, Message, Request, RequestItem
from apps.store.services import cases, talking
from apps.store.views import answer_lines
from apps.store.views.act_page import attempt, data_of, done, say, show
from apps.store.views.answer_lines import Piece
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page, given_of
from apps.store.views.people_words import names_of
from apps.ui import words

PAGE = "case_exchange"
Pieces = Mapping[UUID, Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    about: str
    text: str
    is_ours: bool
    is_new: bool
    criterion: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """`what` was asked for, the words of the request, the answer with its files."""

    what: str
    text: str
    answer: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One round, with everything it asked for."""

    title: str
    about: str
    text: str
    lines: tuple[AskedLine, ...]


@case_page(page="exchange")
@require_http_methods(["GET", "HEAD", "POST"])
def case_exchange(request: CaseRequest) -> HttpResponse:
    """Messages, the last first, and requests with their answers; a form for those who speak about the dossier."""
    case = request.case
    choices = [(one.code, f"{one.code} – {one.question[:80]}") for one in subjects.criteria_of(case)]
    form, error = MessageForm(data_of(request), criteria=choices), None
    if request.method == "POST" and form.is_valid():
        said, given = form.cleaned_data, given_of(request)
        error = attempt(lambda: talking.say(**given, **said))
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
    """Messages, requests, files with their states and names: seven queries."""
    messages = list(case.messages.order_by("-at", "-id"))
    requests = list(case.requests.order_by("-asked_at", "-id").prefetch_related("items"))
    names = names_of([*(str(row.author_id) for row in messages), *(str(row.asked_by_id) for row in requests)])
    named = [key for row in messages for key in row.evidence_ids]
    named += [key for row in requests for item in row.items.all() for key in item.evidence_ids]
    pieces = answer_lines.named(case, named)
    return {
        "messages": [_message(row, names, pieces) for row in messages],
        "requests": [_request(row, names, pieces) for row in requests],
    }


def _message(row: Message, names: Mapping[str, str], pieces: Pieces) -> MessageLine:
    is_ours = row.side == Message.Side.REVIEW
    values = {"name": names.get(str(row.author_id), ""), "side": row.get_side_display(), "moment": words.moment(row.at)}
    return MessageLine(
        about=_("%(name)s (%(side)s), %(moment)s") % values,
        text=row.text,
        is_ours=is_ours,
        is_new=not is_ours and row.read_at is None,
        criterion=row.criterion,
        pieces=_named(pieces, row.evidence_ids),
    )


def _request(row: Request, names: Mapping[str, str], pieces: Pieces) -> RequestLine:
    values = {"name": names.get(str(row.asked_by_id), ""), "moment": words.moment(row.asked_at)}
    return RequestLine(
        title=_("%(kind)s, round %(round)s") % {"kind": row.get_kind_display(), "round": row.round},
        about=" ".join((_("Asked by %(name)s, %(moment)s.") % values, _state(row))),
        text=row.text,
        lines=tuple(
            _asked(item, pieces) for item in sorted(row.items.all(), key=lambda item: (item.criterion, item.item))
        ),
    )


def _asked(item: RequestItem, pieces: Pieces) -> AskedLine:
    return AskedLine(
        what=item.criterion or str(reasons.ADMISSIBILITY.get(item.item, item.item)),
        text=item.text,
        answer=item.answer,
        pieces=_named(pieces, item.evidence_ids),
    )


def _named(pieces: Pieces, ids: Iterable[UUID]) -> tuple[Piece, ...]:
    return tuple(pieces[key] for key in ids if key in pieces)


def _state(row: Request) -> str:
    if row.answered_at is not None:
        return _("Answered %(moment)s.") % {"moment": words.moment(row.answered_at)}
    if row.timed_out_at is not None:
        return _("No answer came in time.")
    return _("To be answered until %(day)s.") % {"day": words.day(row.due_at)}
