"""Appeals: who waits for an answer, and the answer by somebody who did not take the decision (STO-45, STO-69)."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.reauthentication import confirmed_recently
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.store.forms.decisions import AppealForm
from apps.store.letters.decisions import title_of
from apps.store.models import Appeal
from apps.store.services import answering_appeals
from apps.store.views import act_page
from apps.store.views.act_page import ActPage
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.session_acts import METHODS
from apps.store.views.session_pages import pdf
from apps.ui.components import Pair
from apps.ui.words import day

A_PAGE = 20


@require_staff(StaffRole.APPEALS)
@require_safe
def appeals(request: StaffRequest) -> HttpResponse:
    """Dossiers under appeal, the one that is due first at the top."""
    page = Paginator(answering_appeals.waiting(request.actor), A_PAGE).get_page(request.GET.get("page"))
    record(actor=request.actor, at=request.actor.at, line=Line(action="store.appeal.list", target="appeals"))
    return render(request, "store/appeals.html", {"page": page, "rows": list(page)})


@case_page(StaffRole.APPEALS, page="appeal")
@confirmed_recently(gettext_lazy("Answer an appeal"))
@require_http_methods(METHODS)
def appeal_case(request: CaseRequest) -> HttpResponse:
    """The appeal, the decision it is about, the answer."""
    case, now, error = request.case, timezone.now(), None
    appeal = answering_appeals.open_appeal(case)
    told = (_("Appeal answered"), _("The answer has left."))
    if appeal is None:
        return act_page.overtaken(request, told)
    form = AppealForm(act_page.data_of(request))
    if form.is_valid():
        seen, words, chosen = act_page.seen_of(request), form.words(), form.cleaned_data["outcome"]
        error = act_page.attempt(
            lambda: answering_appeals.answer(
                actor=request.actor, candidacy_id=case.pk, outcome=chosen, reasons=words, seen=seen, at=now
            )
        )
        if error is None:
            return act_page.done(request, *told, "store:decide", case.pk)
        act_page.say(form, error, at=now)
    context = {**head_of(request, "decide"), "act": _page(appeal), "documents": _documents(appeal)}
    return act_page.show(request, "store/case_act.html", form=form, context=context, error=error)


@case_page()
@require_safe
def appeal_answer(request: CaseRequest, appeal_id: UUID) -> HttpResponse:
    """The answer as it left."""
    case = request.case
    found = act_page.opened(
        lambda: answering_appeals.open_answer(
            actor=request.actor, candidacy_id=case.pk, appeal_id=appeal_id, at=timezone.now()
        )
    )
    return pdf(found, f"recours-{case.number}.pdf")


def _page(appeal: Appeal) -> ActPage:
    decision = appeal.decision
    against = title_of(decision) if decision is not None else _("lapse of the dossier")
    pairs = [
        Pair(term=_("Appeal"), value=str(appeal.get_kind_display()), note=appeal.text),
        Pair(term=_("Filed on"), value=day(appeal.filed_at)),
        Pair(term=_("To be answered by"), value=day(appeal.due_at)),
        Pair(term=_("Against"), value=against, note=decision.facts if decision is not None else ""),
    ]
    return ActPage(
        title=_("Answer the appeal"),
        heading=_("Appeal: %(service)s") % {"service": appeal.candidacy.service.name},
        lead=(_("The answer leaves as PDF with your reasons. Whoever took or confirmed the decision cannot give it."),),
        pairs=tuple(pairs),
        button=_("Answer the appeal"),
        back_url=reverse("store:decide", args=[appeal.candidacy_id]),
        back_label=_("Answer later"),
    )


def _documents(appeal: Appeal) -> list[tuple[str, str]]:
    decision = appeal.decision
    if decision is None or decision.file_id is None:
        return []
    return [(_("Notice (PDF)"), reverse("store:decision_notice", args=[appeal.candidacy_id, decision.pk]))]
