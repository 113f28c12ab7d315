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
    found = sums.of(sums.of_waves(counted.items, stage.wave_ids))
    context = {
        "stage": stage,
        "counted_at": counted.at,
        "sums": found,
        "funnel": progress_lines.funnel_of(found),
        "channels": progress_lines.channels_of(days),
        "denominator": progress_lines.denominator_words(found),
        "tables": _tables(request, stage),
        "delays": progress_lines.delay_words([row for row in kept.delays(at).items if row.stage == stage.stage]),
        "held": sums.held_by_reason(sums.of_waves(counted.items, stage.wave_ids)),
    }
    record(actor=request.actor, at=at, line=Line(action="rollout.progress.view", facts={"stage": stage.stage.value}))
    return render(request, "rollout/progress.html", context)


@require_staff(*policies.RUNS)
@require_safe
def progress_file(request: StaffRequest) -> StreamingHttpResponse:
    """The rates as a table for spreadsheets, hidden cells hidden."""
    stage = _stage(request)
    rows = progress_lines.sheet_rows(_tables(request, stage))
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


def _tables(request: StaffRequest, stage: Chosen) -> tuple[progress_lines.RateTable, ...]:
    groups = kept.groups(request.actor.at).items
    return progress_lines.rate_tables([group for group in groups if group.stage == stage.stage])
