"""PU-10: opinion and decision with their reasons, remedies, the appeal, papers as PDF."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.common import limited
from apps.files.services import FileGoneError, FileNotReadableError
from apps.formats import media
from apps.store.forms.exchange import AppealForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Member
from apps.store.policies import may_act_for
from apps.store.services import answering_appeals, appealing, mandates, papers, signing
from apps.store.services.errors import UnknownRowError
from apps.store.states import Queue, Status
from apps.store.states.dossier import APPEALABLE
from apps.store.views import act_page, decision_rows, dossier_refusals
from apps.store.views.dossier_page import context_of
from apps.store.views.dossiers import dossier_of
from apps.store.views.downloads import attached
from apps.store.views.exchange import METHODS
from apps.store.views.organisation import refused

MAY_APPEAL = (Member.Role.OWNER, Member.Role.SIGNATORY)


@require_member
@require_safe
def decision(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """The first reading of each notified decision is kept."""
    candidacy, now = dossier_of(request, candidacy_id), timezone.now()
    remedy = appealing.remedy_of(candidacy)
    agreement = signing.agreement_of(candidacy)
    context = context_of(
        request,
        candidacy,
        _("Opinion and decision"),
        opinion=decision_rows.opinion_of(candidacy),
        reservations=list(candidacy.reservations.filter(superseded_at=None).order_by("due_on", "id")),
        blocks=decision_rows.decisions_of(candidacy),
        appeals=decision_rows.appeals_of(candidacy),
        remedy=decision_rows.remedy_words(remedy, at=now),
        may_appeal=remedy is not None and remedy.is_open(now) and _may_appeal(request),
        may_copy=candidacy.status in APPEALABLE,
        agreement=agreement,
        agreement_pairs=decision_rows.agreement_pairs(agreement) if agreement else (),
        is_to_sign=candidacy.status == Status.AGREEMENT and candidacy.queue == Queue.PUBLISHER,
        may_sign=not mandates.why_not(request.member, at=now),
    )
    response = render(request, "store/decision.html", context)
    papers.note_reading(actor=request.actor, candidacy=candidacy, at=now)
    return response


@require_member
@require_http_methods(METHODS)
def candidacy_appeal(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """One appeal against one decision, with what it does said beforehand."""
    candidacy, now = dossier_of(request, candidacy_id), timezone.now()
    remedy = appealing.remedy_of(candidacy)
    if request.method != "POST" and (remedy is None or not remedy.is_open(now)):
        return redirect("store:decision", candidacy.pk)  # which says why
    if request.method != "POST" and not _may_appeal(request):
        return refused(request, *MAY_APPEAL)
    form, error = AppealForm(act_page.data_of(request)), None
    if form.is_valid():
        seen, found = act_page.seen_of(request), form.cleaned_data
        error = dossier_refusals.attempt(
            lambda: appealing.appeal(
                actor=request.actor,
                candidacy_id=candidacy.pk,
                kind=found["kind"],
                text=found["text"],
                seen=seen,
                at=now,
            )
        )
        if error is None:
            detail = _("Somebody who did not take the decision answers within two months.")
            return act_page.done(request, _("Appeal filed"), detail, "store:decision", candidacy.pk)
        dossier_refusals.say(form, error, publisher_id=candidacy.publisher_id)
    words = decision_rows.remedy_words(remedy, at=now)
    context = context_of(request, candidacy, _("File an appeal"), remedy=words, seen=candidacy.sequence)
    return act_page.show(request, "store/candidacy_appeal.html", form=form, context=context, error=error)


# No HEAD: it would leave a line in the trail for a content that nobody has taken.
@require_member
@require_http_methods(["GET"])
@limited.by_session("download_session")
def candidacy_notice(request: PublisherRequest, decision_id: UUID) -> HttpResponse:
    """The notice of a decision that was notified."""
    now = timezone.now()
    return _paper(
        lambda: papers.open_notice(actor=request.actor, decision_id=decision_id, at=now).data,
        pgettext("file", "decision"),
    )


@require_member
@require_http_methods(["GET"])
@limited.by_session("download_session")
def candidacy_agreement(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """The very document that is signed."""
    now = timezone.now()
    return _paper(
        lambda: papers.open_agreement(actor=request.actor, candidacy_id=candidacy_id, at=now).data,
        pgettext("file", "agreement"),
    )


@require_member
@require_http_methods(["GET"])
@limited.by_session("download_session")
def candidacy_appeal_answer(request: PublisherRequest, candidacy_id: UUID, appeal_id: UUID) -> HttpResponse:
    """The answer to an appeal."""
    now, actor = timezone.now(), request.actor
    return _paper(
        lambda: answering_appeals.open_answer(actor=actor, candidacy_id=candidacy_id, appeal_id=appeal_id, at=now),
        pgettext("file", "answer"),
    )


def _may_appeal(request: PublisherRequest) -> bool:
    return bool(may_act_for(request.actor, request.member, *MAY_APPEAL))


def _paper(opened: Callable[[], bytes], name: str) -> HttpResponse:
    try:
        data = opened()
    except UnknownRowError as error:
        raise Http404 from error
    except FileNotReadableError:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    except FileGoneError:
        return HttpResponse(status=HTTPStatus.GONE)
    return attached(data, media_type=media.PDF, name=f"{name}.pdf")
