"""RV-10: reports of problems by gravity and due date, one of them, triage and outcome."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Fact, Line, record
from apps.store import policies
from apps.store.forms.reports import ClosingForm
from apps.store.models import Report
from apps.store.services import acting, report_cases
from apps.store.services.errors import UnknownRowError
from apps.store.views import act_page, case_refusals
from apps.store.views.queue_lines import Tab
from apps.ui.components import Pair
from apps.ui.words import day, moment

A_PAGE = 20
CLOSED = "clos"


@require_staff(*policies.REVIEW)
@require_safe
def reports(request: StaffRequest) -> HttpResponse:
    """Open ones, urgent first; or those that are closed."""
    is_closed = request.GET.get("vue") == CLOSED
    rows = (report_cases.closed if is_closed else report_cases.waiting)(request.actor)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    facts: dict[str, Fact] = {"view": CLOSED if is_closed else "", "shown": len(page.object_list)}
    record(actor=request.actor, at=request.actor.at, line=Line(action="store.report.list", facts=facts))
    context = {
        "page": page,
        "tabs": _tabs(is_closed=is_closed),
        "number": page.paginator.count,
        "is_closed": is_closed,
        "now": timezone.now(),
    }
    return render(request, "store/reports.html", context)


@require_staff(*policies.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def report_case(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """One report without its reporter; the desk closes it here."""
    case, now, error = _case(request, report_id), timezone.now(), None
    form = ClosingForm(act_page.data_of(request))
    if form.is_valid():
        error = act_page.attempt(
            lambda: report_cases.close(actor=request.actor, report_id=report_id, closing=form.closing(), at=now)
        )
        if error is None:
            detail = _("The person who reported it and, where it is founded, the publisher are told.")
            return act_page.done(request, _("Report closed"), detail, "store:reports")
        act_page.say(form, error, at=now)
    if request.method != "POST":
        acting.trace(
            actor=request.actor, act="report.read", publisher_id=case.listing.publisher_id, target=f"report:{case.pk}",
            at=now,
        )  # fmt: skip
    context = {
        "report": case,
        "pairs": _pairs(case),
        "may_act": StaffRole.DESK in request.staff_roles and case.state != Report.State.CLOSED,
        "may_triage": case.state == Report.State.RECEIVED,
    }
    return act_page.show(request, "store/report_case.html", form=form, context=context, error=error)


@require_staff(StaffRole.DESK)
@require_POST
def report_triage(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """Take it up."""
    now = timezone.now()
    error = act_page.attempt(lambda: report_cases.triage(actor=request.actor, report_id=report_id, at=now))
    if error is not None:
        case_refusals.refused(request, error, at=now)
        return redirect("store:report_case", report_id)
    detail = _("The answer is due within ten days of the report.")
    return act_page.done(request, _("Report taken up"), detail, "store:report_case", report_id)


def _case(request: StaffRequest, report_id: UUID) -> Report:
    try:
        return report_cases.report_for(request.actor, report_id=report_id)
    except UnknownRowError as error:
        raise Http404 from error


def _pairs(case: Report) -> tuple[Pair, ...]:
    lines = (
        (_("Publisher"), case.listing.publisher.name),
        (_("Kind of problem"), str(case.get_kind_display())),
        (_("Reported"), moment(case.reported_at)),
        (_("Taken up"), moment(case.triaged_at) if case.triaged_at else ""),
        (_("Due by"), day(case.due_at) if case.due_at else ""),
        (_("Closed"), moment(case.closed_at) if case.closed_at else ""),
        (_("Outcome"), str(case.get_outcome_display())),
    )
    return tuple(Pair(term=term, value=value[:1].upper() + value[1:]) for term, value in lines if value)


def _tabs(*, is_closed: bool) -> list[Tab]:
    here = reverse("store:reports")
    return [
        Tab(label=pgettext("reports", "Open"), url=here, is_current=not is_closed),
        Tab(label=pgettext("reports", "Closed"), url=f"{here}?vue={CLOSED}", is_current=is_closed),
    ]
