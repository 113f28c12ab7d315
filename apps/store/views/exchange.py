"""PU-09: one thread for each dossier, the open request and the reservations with what is answered."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.store import subjects
from apps.store.forms.evidence import upload_of
from apps.store.forms.exchange import MessageForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy
from apps.store.services import conversing, evidence_door, evidence_listing, progress, replying
from apps.store.services.conversing import Words
from apps.store.services.evidence import FileRefusedError
from apps.store.views import dossier_refusals, exchange_rows
from apps.store.views.act_page import seen_of
from apps.store.views.dossier_page import context_of
from apps.store.views.dossiers import dossier_of
from apps.ui import outcome
from apps.ui.outcome import Outcome

METHODS = ["GET", "HEAD", "POST"]
Send = Callable[..., Candidacy]


@require_member
@require_http_methods(METHODS)
def exchange(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """What is asked for first, then the thread; opening it marks our messages read."""
    candidacy = dossier_of(request, candidacy_id)
    form = _form(request, candidacy)
    if request.method == "POST" and form.is_valid():
        done = _written(request, candidacy, form)
        if done is not None:
            return done
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    response = render(request, "store/exchange.html", _context(request, candidacy, form), status=status)
    conversing.mark_read(candidacy, at=timezone.now())
    return response


@require_member
@require_http_methods(METHODS)
def answers_send(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """All answers to the open request at once, on a page of its own."""
    return _sending(request, candidacy_id, replying.send)


@require_member
@require_http_methods(METHODS)
def reservations_send(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """The same for the suspensive reservations."""
    return _sending(request, candidacy_id, replying.send_reservations)


def _sending(request: PublisherRequest, candidacy_id: UUID, send: Send) -> HttpResponse:
    candidacy = dossier_of(request, candidacy_id)
    if request.method != "POST":
        blocked = evidence_listing.not_clean(candidacy)
        context = context_of(request, candidacy, _("Send my answers"), blocked=blocked)
        return render(request, "store/answers_send.html", context)
    try:
        send(actor=request.actor, candidacy_id=candidacy.pk, seen=seen_of(request), at=timezone.now())
    except dossier_refusals.REFUSED as error:
        dossier_refusals.tell(request, error, publisher_id=candidacy.publisher_id)
    else:
        detail = _("The assessment goes on. The automatic checks run again.")
        outcome.tell(request, Outcome(title=_("Answers sent"), detail=detail))
    return redirect("store:exchange", candidacy.pk)


def _form(request: PublisherRequest, candidacy: Candidacy) -> MessageForm:
    is_sent = request.method == "POST"
    return MessageForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        asked=subjects.criteria_of(candidacy),
        takes_files=evidence_door.door_of(candidacy).is_open,
    )


def _written(request: PublisherRequest, candidacy: Candidacy, form: MessageForm) -> HttpResponse | None:
    """The answer of what was done; None when the form says why nothing was."""
    found = form.cleaned_data
    words = Words(
        text=found["text"], criterion=found["criterion"], upload=upload_of(found.get("upload")), token=found["token"]
    )
    try:
        conversing.write(actor=request.actor, candidacy_id=candidacy.pk, words=words, at=timezone.now())
    except FileRefusedError as error:
        form.add_error("upload", dossier_refusals.file_words(error))
        return None
    except dossier_refusals.REFUSED as error:
        dossier_refusals.say(form, error, publisher_id=candidacy.publisher_id)
        return None
    outcome.tell(request, Outcome(title=_("Message sent")))
    return redirect("store:exchange", candidacy.pk)


def _context(request: PublisherRequest, candidacy: Candidacy, form: MessageForm) -> dict[str, object]:
    names = progress.names_of(candidacy)
    asked = evidence_door.open_request(candidacy)
    items = exchange_rows.asked_lines(candidacy, asked, names) if asked else []
    reservations = exchange_rows.reservation_lines(candidacy, evidence_door.open_reservations(candidacy), names)
    suspensive = [line for line in reservations if getattr(line.line, "is_suspensive", False)]
    messages = list(candidacy.messages.order_by("at", "id"))
    return context_of(
        request,
        candidacy,
        _("Exchange"),
        form=form,
        asked=asked,
        items=items,
        answered=sum(line.is_answered for line in items),
        reservations=reservations,
        may_send_items=bool(items) and all(line.is_answered for line in items),
        may_send_reservations=bool(suspensive) and all(line.is_answered for line in suspensive),
        after=exchange_rows.after_words(candidacy.status),
        thread=exchange_rows.thread_of(candidacy, messages, names),
        may_write=conversing.is_open(candidacy),
    )
