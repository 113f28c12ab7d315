"""RV-09: publication, with everything that has to stand before it (STO-01, STO-66)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import StaffRole
from apps.accounts.reauthentication import confirmed_recently
from apps.store import reasons
from apps.store.models import Candidacy
from apps.store.services import checking, publishing
from apps.store.states import Event, Party, Status
from apps.store.transitions import Step
from apps.store.views import act_page
from apps.store.views.act_page import ActPage
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.session_acts import METHODS
from apps.ui import outcome
from apps.ui.components import Effect, Pair
from apps.ui.forms import EnsForm
from apps.ui.outcome import Outcome
from apps.ui.words import day


@case_page(StaffRole.DESK, page="publication")
@confirmed_recently(gettext_lazy("Publish a service"))
@require_http_methods(METHODS)
def publish(request: CaseRequest) -> HttpResponse:
    """What stands, what is missing, and the publication."""
    case, now, error = request.case, timezone.now(), None
    told = (_("Service published"), _("The page of the service is in the catalogue. The publisher is told."))
    if case.status != Status.READY_TO_PUBLISH:
        return act_page.overtaken(request, told)
    form = EnsForm(act_page.data_of(request))
    if form.is_valid():
        seen = act_page.seen_of(request)
        error = act_page.attempt(
            lambda: publishing.publish(actor=request.actor, candidacy_id=case.pk, seen=seen, at=now)
        )
        if error is None:
            return act_page.done(request, *told, "store:decide", case.pk)
        act_page.say(form, error, at=now)
    step = Step(event=Event.PUBLISH, by=Party.DESK, actor="", at=now)
    missing = publishing.missing(case, step=step)
    context = {**head_of(request, "decide"), "act": _page(case), "missing": [reasons.GUARDS[code] for code in missing]}
    return act_page.show(request, "store/publish.html", form=form, context=context, error=error)


@case_page(StaffRole.DESK)
@require_POST
def publish_checks(request: CaseRequest) -> HttpResponse:
    """A new round of checks before the publication."""
    now = timezone.now()
    error = act_page.attempt(lambda: checking.check_again(actor=request.actor, candidacy_id=request.case.pk, at=now))
    told = Outcome(title=_("Checks asked for"), detail=_("They take some minutes. Come back to publish."))
    if error is not None:
        detail = act_page.why_not(error, at=now)
        told = Outcome(title=_("Nothing was changed"), detail=detail, level=messages.WARNING)
    outcome.tell(request, told)
    return redirect("store:publish", request.case.pk)


def _page(case: Candidacy) -> ActPage:
    records = publishing.records_of(case)
    return ActPage(
        title=_("Publish"),
        heading=_("Publish: %(service)s") % {"service": case.service.name},
        pairs=(
            Pair(term=_("Opinion of the commission"), value=_dated(records.opinion and records.opinion.opinion_at)),
            Pair(term=_("Decision"), value=_dated(records.decision and records.decision.decided_at)),
            Pair(term=_("Agreement signed"), value=_dated(records.agreement and records.agreement.signed_at)),
            Pair(term=_("Last automatic checks"), value=_dated(publishing.checked_at(case))),
        ),
        effects=(
            Effect(text=_("The page of the service is in the public catalogue at once."), icon="global-line"),
            Effect(text=_("It is checked again every week."), icon="refresh-line"),
        ),
        button=_("Publish now"),
        back_url=reverse("store:decide", args=[case.pk]),
        back_label=_("Do not publish"),
    )


def _dated(at: object) -> str:
    return day(at) if at else _("missing")  # type: ignore[arg-type]  # a moment or nothing
