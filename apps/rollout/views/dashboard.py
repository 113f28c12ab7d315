"""RO-01: alarms first, then the waves, then the curves with their tables."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.common import sheets
from apps.rollout import console, policies
from apps.rollout.figures import alarms, kept, sums
from apps.rollout.figures.sums import Sums
from apps.rollout.models import EligiblePerson, ImportFile, Wave
from apps.rollout.views import alarm_lines, dashboard_lines, stages
from apps.rollout.views.dashboard_lines import NextAct


@require_staff(*policies.RUNS)
@require_safe
def dashboard(request: StaffRequest) -> HttpResponse:
    """Everything of an operator's morning on one page."""
    at = request.actor.at
    waves = list(Wave.objects.order_by("-number"))
    counted = kept.standings(at)
    found = alarms.alarms(standings=counted.items, notices=kept.notices(at).items, at=at)
    addresses = {entry.name: url for entry, url in console.entries_for(request.staff_roles)}
    by_wave, stage = sums.by_wave(counted.items), stages.chosen(request, waves)
    context = {
        "counted_at": counted.at,
        "alarms": [alarm_lines.alarm_line(alarm, addresses) for alarm in found],
        "act": _act(request, waves),
        "waves": [dashboard_lines.wave_line(wave, by_wave.get(wave.pk, Sums())) for wave in waves],
        "without_wave": by_wave.get(None, Sums()).people,
        "stage": stage,
        "curves": dashboard_lines.curves_of(sums.of_waves(kept.days(at).items, stage.wave_ids), at=at),
    }
    record(actor=request.actor, at=at, line=Line(action="rollout.dashboard.view", facts={"alarms": len(found)}))
    return render(request, "rollout/dashboard.html", context)


def _act(request: StaffRequest, waves: list[Wave]) -> NextAct:
    act = alarms.next_act(waves)
    if act or EligiblePerson.objects.exists() or ImportFile.objects.filter(ended_at=None).exists():
        return dashboard_lines.next_act(act)
    return dashboard_lines.first_act(may_bring=StaffRole.OPERATOR in request.staff_roles)


@require_staff(*policies.RUNS)
@require_safe
def curves_file(request: StaffRequest) -> StreamingHttpResponse:
    """The values of the curves as a table for spreadsheets."""
    at = request.actor.at
    stage = stages.chosen(request, list(Wave.objects.order_by("number")))
    made = dashboard_lines.curves_of(sums.of_waves(kept.days(at).items, stage.wave_ids), at=at)
    facts = {"stage": stage.stage.value}
    record(actor=request.actor, at=at, line=Line(action="rollout.dashboard.download", facts=facts))
    header, rows = dashboard_lines.sheet_of(made)
    lines = list(sheets.lines(header=header, rows=rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="courbes.csv"'
    return response
