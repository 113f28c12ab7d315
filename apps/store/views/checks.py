"""PU-08: the automatic checks of a dossier, asking for them, contesting a result."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.access import AccessDeniedError
from apps.store import subjects
from apps.store.checks import registry
from apps.store.checks.web.ownership import PATH, PROOF
from apps.store.forms.exchange import ContestForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy, CandidacyStep, Member
from apps.store.policies import may_act_for
from apps.store.services import checking
from apps.store.services.errors import TooSoonError, WrongValueError
from apps.store.states import Status
from apps.store.views import check_rows, dossier_refusals
from apps.store.views.act_page import data_of, done, show
from apps.store.views.check_lines import titles_of
from apps.store.views.dossier_page import context_of
from apps.store.views.dossiers import dossier_of
from apps.store.views.organisation import refused
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import moment

ON_DEMAND = frozenset({Status.DRAFT, Status.INCOMPLETE, Status.COMPLEMENT, Status.RESERVATIONS})


@require_member
@require_safe
def checks(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """The last round; `?suivre=1` loads again by itself until all is done, then says so once."""
    candidacy = dossier_of(request, candidacy_id)
    shown = check_rows.last_round(candidacy, titles_of(candidacy))
    follows = "suivre" in request.GET
    context = context_of(
        request,
        candidacy,
        _heading(shown),
        round=shown,
        follows=follows and shown is not None and shown.is_running,
        has_ended=follows and shown is not None and not shown.is_running,
        may_run=candidacy.status in ON_DEMAND and _may_ask(request),
        may_contest=_may_ask(request),
        domains=_domains(candidacy, request),
        proof=f"{PROOF}{candidacy.service.domain_token}",
        path=PATH,
    )
    return render(request, "store/checks.html", context)


@require_member
@require_POST
def checks_run(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """Once in ten minutes, three times a day."""
    candidacy = dossier_of(request, candidacy_id)
    try:
        checking.ask_for_checks(actor=request.actor, candidacy_id=candidacy.pk, at=timezone.now())
    except TooSoonError as error:
        detail = _("Checks run once in ten minutes and three times a day: again %(moment)s.") % {
            "moment": moment(error.again_at)
        }
        outcome.tell(request, Outcome(title=_("Too early"), detail=detail, level=messages.WARNING))
    except WrongValueError:
        detail = _("The dossier was sent: its checks run by themselves, and again after each of your answers.")
        outcome.tell(request, Outcome(title=_("Nothing to start now"), detail=detail, level=messages.WARNING))
    except AccessDeniedError as error:
        dossier_refusals.tell(request, error, publisher_id=candidacy.publisher_id)
    else:
        detail = _("Most of them take a few seconds. You can leave this page.")
        outcome.tell(request, Outcome(title=_("Checks started"), detail=detail))
    return redirect("store:checks", candidacy.pk)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def check_contest(request: PublisherRequest, step_id: UUID) -> HttpResponse:
    """The publisher's words against a result."""
    step = _step(request, step_id)
    candidacy = step.candidacy
    row = check_rows.row_of(step, titles_of(candidacy))
    if request.method != "POST" and not _may_ask(request):
        return refused(request, Member.Role.TECHNICAL)
    if request.method != "POST" and not row.may_contest:
        raise Http404
    form, error = ContestForm(data_of(request)), None
    if form.is_valid():
        text, now = form.cleaned_data["text"], timezone.now()
        error = dossier_refusals.attempt(
            lambda: checking.contest(actor=request.actor, step_id=step.pk, text=text, at=now)
        )
        if error is None:
            return done(request, _("Result contested"), _("A person will look at it."), "store:checks", candidacy.pk)
        dossier_refusals.say(form, error, publisher_id=candidacy.publisher_id)
    context = context_of(request, candidacy, _("Contest a result"), row=row)
    return show(request, "store/check_contest.html", form=form, context=context, error=error)


def _may_ask(request: PublisherRequest) -> bool:
    return bool(may_act_for(request.actor, request.member, Member.Role.TECHNICAL))


def _step(request: PublisherRequest, step_id: UUID) -> CandidacyStep:
    visible = Candidacy.objects.visible_to(request.actor)
    rows = CandidacyStep.objects.select_related("candidacy__service", "candidacy__publisher")
    step = rows.filter(pk=step_id, candidacy__in=visible).first()
    if step is None:
        raise Http404
    return step


def _domains(candidacy: Candidacy, request: PublisherRequest) -> tuple[str, ...]:
    """Domains that the answers name."""
    subject = subjects.subject_of(candidacy, at=request.actor.at)
    return registry.CHECKS["ownership"].targets(subject)


def _heading(shown: check_rows.Round | None) -> str:
    """Begins the title of the page as well: a page that loads again says how far it is."""
    if shown is None or not shown.is_running:
        return _("Automatic checks")
    return _("Automatic checks: %(done)s of %(total)s done") % {"done": shown.done, "total": shown.total}
