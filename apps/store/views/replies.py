"""PU-09: answering one line of a request, or one reservation; only that criterion is answered anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.store import subjects
from apps.store.criteria import Criterion
from apps.store.forms.evidence import upload_of
from apps.store.forms.exchange import ReplyForm
from apps.store.forms.section import SectionForm, seen_of
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Answer, Candidacy, RequestItem, Reservation
from apps.store.services import replying
from apps.store.services.answering import Entry, content_of
from apps.store.services.evidence import FileRefusedError
from apps.store.services.replying import Reply
from apps.store.states import Status
from apps.store.views import answer_words, dossier_refusals, dossiers, exchange_rows
from apps.store.views.dossier_page import context_of
from apps.store.views.exchange import METHODS
from apps.ui import outcome
from apps.ui.components import Pair
from apps.ui.outcome import Outcome

Do = Callable[[Reply], object]
Line = RequestItem | Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a page answers: the line, the criterion it is about in full, what keeps the answer."""

    line: Line
    candidacy: Candidacy
    question: str
    do: Do
    correction: SectionForm | None = None


@require_member
@require_http_methods(METHODS)
def request_item(request: PublisherRequest, item_id: UUID) -> HttpResponse:
    """Words, pieces, and the answer to the criterion itself where it is to be corrected."""
    visible = Candidacy.objects.visible_to(request.actor)
    rows = RequestItem.objects.select_related("request__candidacy__service", "request__candidacy__publisher")
    item = rows.filter(pk=item_id, request__candidacy__in=visible).first()
    if item is None:
        raise Http404
    candidacy = item.request.candidacy
    asked = Asked(
        line=item,
        candidacy=candidacy,
        question=exchange_rows.question_of(candidacy, item),
        do=partial(_reply_to_item, request, item.pk),
        correction=_correction(request, candidacy, item.criterion),
    )
    return _answering(request, asked)


@require_member
@require_http_methods(METHODS)
def reservation_answer(request: PublisherRequest, reservation_id: UUID) -> HttpResponse:
    """Words and pieces that lift a reservation of the commission."""
    visible = Candidacy.objects.visible_to(request.actor)
    rows = Reservation.objects.select_related("candidacy__service", "candidacy__publisher")
    row = rows.filter(pk=reservation_id, candidacy__in=visible).first()
    if row is None:
        raise Http404
    question = exchange_rows.about_words(row.candidacy, row.criterion)
    do = partial(_reply_to_reservation, request, row.pk)
    return _answering(request, Asked(line=row, candidacy=row.candidacy, question=question, do=do))


def _reply_to_item(request: PublisherRequest, item_id: UUID, given: Reply) -> None:
    replying.reply(actor=request.actor, item_id=item_id, given=given, at=timezone.now())


def _reply_to_reservation(request: PublisherRequest, reservation_id: UUID, given: Reply) -> None:
    replying.reply_to_reservation(actor=request.actor, reservation_id=reservation_id, given=given, at=timezone.now())


def _answering(request: PublisherRequest, asked: Asked) -> HttpResponse:
    candidacy, correction, theirs = asked.candidacy, asked.correction, ""
    corrected: tuple[Pair, ...] = ()
    is_sent, pieces = request.method == "POST", list(subjects.current_evidence(candidacy))
    sent = (request.POST, request.FILES) if is_sent else (None, None)
    form = ReplyForm(*sent, pieces=pieces, initial=_initial(asked.line))
    form.parts = (correction,) if correction is not None else ()
    # Both are asked, so that the page shows all faults at once.
    if is_sent and (form.is_valid() & (correction is None or correction.is_valid())):
        done = _kept(request, form, asked)
        if done is not None:
            return done
        theirs, corrected = _theirs(request, form, asked.line), _corrected(request, asked)
    failed = bool(form.errors or (correction is not None and correction.errors))
    context = context_of(
        request,
        candidacy,
        _("Answer"),
        form=form,
        correction=correction,
        line=asked.line,
        question=asked.question,
        theirs=theirs,
        corrected=corrected,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "store/reply.html", context, status=status)


def _kept(request: PublisherRequest, form: ReplyForm, asked: Asked) -> HttpResponse | None:
    """The answer of what was done; None when the form says why nothing was: what was typed stays on the page."""
    try:
        asked.do(_reply(form, asked.correction))
    except FileRefusedError as error:
        form.add_error("upload", dossier_refusals.file_words(error))
        return None
    except dossier_refusals.REFUSED as error:
        dossier_refusals.say(form, error, publisher_id=asked.candidacy.publisher_id)
        return None
    detail = _("It can be changed until you send all your answers.")
    if isinstance(asked.line, Reservation) and asked.candidacy.status != Status.RESERVATIONS:
        detail = _("The assessment team is told and looks at it.")
    outcome.tell(request, Outcome(title=_("Answer saved"), detail=detail))
    return redirect("store:exchange", asked.candidacy.pk)


def _theirs(request: PublisherRequest, form: ReplyForm, line: Line) -> str:
    """What another member has answered meanwhile; saving once more replaces it knowingly (S34)."""
    line.refresh_from_db(fields=["answer", "answered_at", "answered_by"])
    if replying.mark_of(line) == form.cleaned_data.get("seen"):
        return ""
    form.data = dossiers.with_values(request.POST, seen=replying.mark_of(line))
    return line.answer


def _corrected(request: PublisherRequest, asked: Asked) -> tuple[Pair, ...]:
    """The same of the answer to the criterion, where one's own correction of it clashes with a newer one."""
    correction, code = asked.correction, asked.line.criterion
    row = Answer.objects.filter(candidacy=asked.candidacy, criterion=code).first()
    if correction is None or row is None:
        return ()
    entry = correction.entries()[0]
    is_mine = entry.content.mark != entry.mark and entry.content != content_of(row)
    if not is_mine or seen_of(row) == correction.cleaned_data[f"{code}-seen"]:
        return ()
    correction.data = dossiers.with_values(request.POST, **{f"{code}-seen": seen_of(row)})
    return answer_words.pairs_of(code, content_of(row))


def _reply(form: ReplyForm, correction: SectionForm | None) -> Reply:
    found = form.cleaned_data
    entries: tuple[Entry, ...] = correction.entries() if correction is not None else ()
    return Reply(
        text=found["text"],
        seen=found["seen"],
        evidence_ids=form.evidence_ids(),
        upload=upload_of(found["upload"]),
        title=found["title"],
        correction=entries[0] if entries else None,
    )


def _initial(line: Line) -> dict[str, object]:
    pieces = [str(key) for key in line.evidence_ids]
    return {"text": line.answer, "pieces": pieces, "seen": replying.mark_of(line)}


def _correction(request: PublisherRequest, candidacy: Candidacy, code: str) -> SectionForm | None:
    """The form of the one criterion; none for lines of the desk's list."""
    asked: list[Criterion] = [one for one in subjects.criteria_of(candidacy) if one.code == code]
    if not asked:
        return None
    answers = {row.criterion: row for row in Answer.objects.filter(candidacy=candidacy, criterion=code).order_by("id")}
    return SectionForm(request.POST if request.method == "POST" else None, asked=asked, answers=answers)
