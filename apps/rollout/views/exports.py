"""RO-03: lists of people for outside, asked for by one person and approved by another."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.common.ids import uuid7
from apps.rollout.forms.population import ExportForm
from apps.rollout.services import exporting
from apps.rollout.services.errors import SamePersonError
from apps.rollout.services.population import Filters
from apps.rollout.views.export_lines import export_lines, filter_words
from apps.rollout.views.population import TEAM, filter_form
from apps.rollout.views.refusing import refused
from apps.rollout.views.traced import traced
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import number


@require_staff(*TEAM)
@require_safe
@traced("rollout.export.list")
def export_list(request: StaffRequest) -> HttpResponse:
    lines = export_lines(reader=request.user, roles=request.staff_roles, at=timezone.now())
    return render(request, "rollout/export_list.html", {"lines": lines})


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def export_ask(request: StaffRequest) -> HttpResponse:
    """The filters are those of the address, as the population page showed them; others do not mean everybody."""
    chosen = filter_form(request)
    if not chosen.is_valid():
        raise Http404
    filters = chosen.filters()
    form = ExportForm(request.POST) if request.method == "POST" else ExportForm(initial={"token": uuid7()})
    if request.method == "POST" and form.is_valid():
        return _ask(request, form, filters)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "filters": filter_words(filters.active), "at_most": exporting.ROWS_AT_MOST}
    return render(request, "rollout/export_ask.html", context, status=status)


@require_staff(StaffRole.APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def export_decide(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """Second person: yes or no."""
    try:
        if request.method != "POST":
            row = exporting.asked_export(export_id=export_id)
            return render(request, "rollout/export_decide.html", {"row": row, "filters": filter_words(row.filters)})
        yes = request.POST.get("answer") == "oui"
        exporting.decide_export(actor=request.actor, export_id=export_id, approve=yes, at=timezone.now())
    except exporting.UnknownExportError as error:
        raise Http404 from error
    except SamePersonError:
        refused(request, _("You asked for this list yourself. Another person decides."))
        return redirect("rollout:export_list")
    detail = _("Who asked for it may fetch it during 24 hours.")
    told = Outcome(title=_("Export approved"), detail=detail) if yes else Outcome(title=_("Export refused"))
    outcome.tell(request, told)
    return redirect("rollout:export_list")


@require_staff(*TEAM)
@require_POST
def export_fetch(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """The file; fetched by whoever asked for it, as often as needed within the day, each time traced."""
    try:
        lines = exporting.fetch_export(actor=request.actor, export_id=export_id, at=timezone.now())
    except exporting.UnknownExportError as error:
        raise Http404 from error
    except exporting.TooManyRowsError:
        return _too_many(request, "rollout:export_list")
    headers = {"Content-Disposition": f'attachment; filename="population-{str(export_id)[-12:]}.csv"'}
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _ask(request: StaffRequest, form: ExportForm, filters: Filters) -> HttpResponse:
    reason, at = form.cleaned_data["reason"], timezone.now()
    try:
        exporting.ask_export(actor=request.actor, export_id=form.export_id(), filters=filters, reason=reason, at=at)
    except exporting.TooManyRowsError:
        return _too_many(request, "rollout:population")
    except exporting.NothingToExportError:
        refused(request, _("Nobody meets these filters."))
        return redirect("rollout:population")
    detail = _("Another person with the right to approve decides. Nothing has left yet.")
    outcome.tell(request, Outcome(title=_("Export asked for"), detail=detail))
    return redirect("rollout:export_list")


def _too_many(request: StaffRequest, back: str) -> HttpResponse:
    detail = _("More than %(count)s people meet these filters. Choose narrower ones.")
    refused(request, detail % {"count": number(exporting.ROWS_AT_MOST)})
    return redirect(back)
