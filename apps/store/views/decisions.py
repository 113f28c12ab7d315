"""RV-08: what was decided about a dossier, the decision itself with its preview, its second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.reauthentication import confirmed_recently
from apps.store import subjects
from apps.store.forms.decisions import ConfirmForm, DecisionForm
from apps.store.letters import decisions as letters
from apps.store.models import AgendaItem, Candidacy, Decision
from apps.store.services import confirming, deciding, papers
from apps.store.states import Status
from apps.store.views import act_page, decision_lines
from apps.store.views.act_page import ActPage
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.report_lines import remarked_codes, report_of
from apps.store.views.session_acts import METHODS
from apps.store.views.session_pages import pdf
from apps.ui.components import Pair

ACTS = {
    Decision.Kind.ACCEPT: deciding.accept,
    Decision.Kind.REQUIRE_LIFT: deciding.require_lift,
    Decision.Kind.REFUSE: deciding.propose_refusal,
}


@case_page(page="decision")
@require_safe
def decide(request: CaseRequest) -> HttpResponse:
    """Opinion, reservations, decisions, signatures; and the act that is next, for whoever has the turn."""
    case = request.case
    context = {
        "opinion": subjects.last_opinion(case),
        "reservations": list(case.reservations.filter(superseded_at=None).order_by("due_on", "id")),
        "decisions": decision_lines.lines_of(case),
        "next": decision_lines.next_act(request),
        "appeals": list(case.appeals.filter(file_id__isnull=False).order_by("closed_at", "id")),
        "report": report_of(case),
    }
    return render(request, "store/review_decision.html", {**head_of(request, "decide"), **context})


@case_page(StaffRole.DELEGATE)
@confirmed_recently(gettext_lazy("Decide about a service"))
@require_http_methods(METHODS)
def decision_new(request: CaseRequest) -> HttpResponse:
    """The form, then the notice as the publisher will get it, then the decision."""
    case, now = request.case, timezone.now()
    if request.method != "POST" and case.status != Status.OPINION:
        raise Http404
    opinion = subjects.last_opinion(case)
    form = DecisionForm(
        act_page.data_of(request), kinds=deciding.possible(case, opinion=opinion), codes=remarked_codes(case),
        initial={"grounds": ["R1111-38"]},
    )  # fmt: skip
    error = None
    if form.is_valid() and "change" not in request.POST:
        if "confirm" not in request.POST:
            return _preview(request, form)
        kind = Decision.Kind(form.cleaned_data["kind"])
        act, seen, reasons = ACTS[kind], act_page.seen_of(request), form.reasons()
        error = act_page.attempt(
            lambda: act(actor=request.actor, candidacy_id=case.pk, reasons=reasons, seen=seen, at=now)
        )
        if error is None:
            return act_page.done(request, *decision_lines.told(kind), "store:decide", case.pk)
        act_page.say(form, error, at=now)
    return _form(request, form, opinion, error)


@case_page(StaffRole.DELEGATE)
@confirmed_recently(gettext_lazy("Confirm a refusal"))
@require_http_methods(METHODS)
def decision_confirm(request: CaseRequest) -> HttpResponse:
    """The second person: reads the notice, confirms or sends back."""
    case, now, error = request.case, timezone.now(), None
    decision = confirming.proposed(case)
    told = _confirmed if request.POST.get("answer") == "confirm" else _returned
    if decision is None or case.status != Status.OPINION:
        return act_page.overtaken(request, told())
    form = ConfirmForm(act_page.data_of(request))
    if form.is_valid():
        seen, reason = act_page.seen_of(request), form.cleaned_data["reason"]
        is_confirmed = form.cleaned_data["answer"] == "confirm"
        given: dict[str, Any] = {"actor": request.actor, "candidacy_id": case.pk, "seen": seen, "at": now}
        error = act_page.attempt(
            lambda: (
                confirming.confirm_refusal(**given)
                if is_confirmed
                else confirming.return_refusal(**given, reason=reason)
            )
        )
        if error is None:
            return act_page.done(request, *told(), "store:decide", case.pk)
        act_page.say(form, error, at=now)
    context = {**head_of(request, "decide"), "act": _confirming(case), "document": letters.notice(decision, at=now)}
    return act_page.show(request, "store/decision_confirm.html", form=form, context=context, error=error)


@case_page()
@require_safe
def decision_notice(request: CaseRequest, decision_id: UUID) -> HttpResponse:
    """The notice of one decision of this dossier, as it left."""
    if not request.case.decisions.filter(pk=decision_id).exists():
        raise Http404
    found = act_page.opened(lambda: papers.open_notice(actor=request.actor, decision_id=decision_id, at=timezone.now()))
    return pdf(found.data, f"decision-{found.number}.pdf")


def _form(
    request: CaseRequest, form: DecisionForm, opinion: AgendaItem | None, error: Exception | None
) -> HttpResponse:
    case = request.case
    said = str(opinion.get_opinion_display()) if opinion is not None else _("none")
    page = ActPage(
        title=_("Take the decision"),
        heading=_("Decide: %(service)s") % {"service": case.service.name},
        lead=(_("You read the notice before anything leaves. A refusal is confirmed by another delegate."),),
        pairs=(Pair(term=_("Opinion of the commission"), value=said),),
        button=_("Read the notice"),
        back_url=reverse("store:decide", args=[case.pk]),
        back_label=_("Decide nothing"),
    )
    context = {**head_of(request, "decide"), "act": page}
    return act_page.show(request, "store/case_act.html", form=form, context=context, error=error)


def _preview(request: CaseRequest, form: DecisionForm) -> HttpResponse:
    kind, now = Decision.Kind(form.cleaned_data["kind"]), timezone.now()
    decision = deciding.draft(request.case, kind=kind, reasons=form.reasons(), who=request.user.pk, at=now)
    context = {
        "document": letters.notice(decision, at=now),
        "kept": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
        "is_refusal": kind == Decision.Kind.REFUSE,
        "seen": act_page.seen_of(request),
    }
    return render(request, "store/decision_preview.html", {**head_of(request, "decide"), **context})


def _confirmed() -> tuple[str, str]:
    return _("Refusal confirmed"), _("The notice has left.")


def _returned() -> tuple[str, str]:
    return _("Decision sent back"), _("The delegates decide anew.")


def _confirming(case: Candidacy) -> ActPage:
    return ActPage(
        title=_("Second person"),
        heading=_("Confirm the refusal: %(service)s") % {"service": case.service.name},
        lead=(_("Nothing leaves before your answer. Whoever proposed the refusal cannot confirm it."),),
        button=_("Answer"),
        back_url=reverse("store:decide", args=[case.pk]),
        back_label=_("Answer later"),
    )
