"""RV-11: dossiers by state, how long steps take, what is late, why dossiers are refused; charts with their table."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.common.sheets import inert
from apps.store import figures, policies
from apps.store.models import Candidacy
from apps.store.states import Status
from apps.ui.charts import Value, bar_chart


@require_staff(*policies.REVIEW)
@require_safe
def review_stats(request: StaffRequest) -> HttpResponse:
    """Of all dossiers that this person may see; two charts, each with the same values as a table."""
    rows = Candidacy.objects.visible_to(request.actor)
    record(actor=request.actor, at=request.actor.at, line=Line(action="store.statistics.read"))
    by_state, terms = figures.by_state(rows), figures.durations(rows)
    states = [Value(label=str(Status(code).label).capitalize(), number=number) for code, number in by_state]
    medians = [Value(label=str(Status(one.status).label).capitalize(), number=one.median) for one in terms]
    context = {
        "number": sum(number for _code, number in by_state),
        "late": figures.late(rows, at=timezone.now()),
        "returned": figures.returned(rows),
        "refusals": figures.criteria_of_refusals(rows),
        "states": states,
        "terms": [(str(Status(one.status).label), one) for one in terms],
        "states_chart": _chart(_("Dossiers by state"), _("How many dossiers stand in each state."), states),
        "terms_chart": _chart(_("Median duration in days"), _("Half of the dossiers took no longer."), medians),
    }
    return render(request, "store/statistics.html", context)


@require_staff(*policies.REVIEW)
@require_safe
def review_stats_file(request: StaffRequest) -> HttpResponse:
    """The durations as CSV; cells are inert (SEC-31)."""
    record(actor=request.actor, at=request.actor.at, line=Line(action="store.statistics.download"))
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["etape", "dossiers", "mediane_jours", "p90_jours"])
    for one in figures.durations(Candidacy.objects.visible_to(request.actor)):
        writer.writerow([inert(str(cell)) for cell in (one.status, one.number, one.median, one.ninth)])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="delais-instruction.csv"'
    return answer


def _chart(title: str, summary: str, values: list[Value]) -> object:
    return bar_chart(title=title, summary=summary, values=values) if values else None
