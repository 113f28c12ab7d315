"""RO-10: funnel, channels, rates by department and age, times; small cells stay hidden."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.common import sheets
from apps.rollout import policies
from apps.rollout.figures import kept, sums
from apps.rollout.figures.counting import Group
from apps.rollout.models import Wave
from apps.rollout.views import progress_lines, stages
from apps.rollout.views.stages import Chosen


@require_staff(*policies.RUNS)
@require_safe
def progress(request: StaffRequest) -> HttpResponse:
    """One stage of the roll-out; the two are never added up."""
    at = request.actor.at
    stage, counted = _stage(request), kept.standings(at)
    days = sums.of_waves(kept.days(at).items, stage.wave_ids)
    groups = _groups(request, stage)
    total, tables = progress_lines.total_of(groups), progress_lines.rate_tables(groups)
    found = sums.of(sums.of_waves(counted.items, stage.wave_ids))
    funnel, channels = progress_lines.funnel_of(found, total), progress_lines.channels_of(days, total)
    context = {
        "stage": stage,
        "counted_at": counted.at,
        "sums": found,
        "funnel": funnel,
        "channels": channels,
        "denominator": progress_lines.denominator_words(total),
        "tables": tables,
        "hides": progress_lines.hides(tables, (funnel, *channels)),
        "delays": progress_lines.delay_words([row for row in kept.delays(at).items if row.stage == stage.stage]),
    }
    record(actor=request.actor, at=at, line=Line(action="rollout.progress.view", facts={"stage": stage.stage.value}))
    return render(request, "rollout/progress.html", context)


@require_staff(*policies.RUNS)
@require_safe
def progress_file(request: StaffRequest) -> StreamingHttpResponse:
    """The rates as a table for spreadsheets, hidden cells hidden."""
    stage = _stage(request)
    rows = progress_lines.sheet_rows(progress_lines.rate_tables(_groups(request, stage)))
    record(
        actor=request.actor,
        at=request.actor.at,
        line=Line(action="rollout.progress.download", facts={"stage": stage.stage.value}),
    )
    written: Iterable[str] = list(sheets.lines(header=progress_lines.sheet_header(), rows=rows))
    response = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="suivi.csv"'
    return response


def _stage(request: StaffRequest) -> Chosen:
    return stages.chosen(request, list(Wave.objects.order_by("number")))


def _groups(request: StaffRequest, stage: Chosen) -> list[Group]:
    return [group for group in kept.groups(request.actor.at).items if group.stage == stage.stage]
