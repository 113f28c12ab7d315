"""The reconciliation sheet of a wave, and of everybody: eligible people are the sum of what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.rollout import policies
from apps.rollout.figures import kept, sums
from apps.rollout.figures.differences import IMPORT_SUMS, Difference
from apps.rollout.figures.outcomes import Outcome
from apps.rollout.figures.sheets import Sheet, sheet
from apps.rollout.models import Wave
from apps.rollout.views import figure_words, wave_figures

_WITH_REASON = frozenset({Outcome.HELD, Outcome.FAILED, Outcome.WAITING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    label: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    label: str
    by_state: int
    by_fact: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One difference; `is_person`: the example is somebody of the register."""

    label: str
    count: int
    example: UUID | None
    is_person: bool


@require_staff(*policies.RUNS)
@require_safe
def reconciliation(request: StaffRequest) -> HttpResponse:
    """Everybody of the register, in a wave or not."""
    return _page(request, None)


@require_staff(*policies.RUNS)
@require_safe
def wave_reconciliation(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """The people of one wave."""
    wave = Wave.objects.filter(pk=wave_id).first()
    if wave is None:
        raise Http404
    return _page(request, wave)


def _page(request: StaffRequest, wave: Wave | None) -> HttpResponse:
    at = request.actor.at
    made, counted_at = _sheet(wave, at)
    context = {
        "wave": wave,
        "sheet": made,
        "lines": [_line(line.outcome, made) for line in made.lines],
        "found": [_found(difference) for difference in made.differences],
        "counted_at": counted_at,
        "happened": wave_figures.happened(sums.of_waves(kept.days(at).items, [wave.pk])) if wave else (),
    }
    target = f"wave:{wave.pk}" if wave else ""
    facts = {"people": made.people, "differences": len(made.differences)}
    record(actor=request.actor, at=at, line=Line(action="rollout.reconciliation.view", target=target, facts=facts))
    return render(request, "rollout/reconciliation.html", context)


def _sheet(wave: Wave | None, at: datetime) -> tuple[Sheet, datetime]:
    cells, others = kept.outcomes(at), kept.differences(at)
    if wave is None:
        return sheet(cells.items, more=_summed([one for _wave, one in others.items])), cells.at
    more = [difference for wave_id, difference in others.items if wave_id == wave.pk]
    return sheet([cell for cell in cells.items if cell.wave_id == wave.pk], more=more), cells.at


def _summed(differences: list[Difference]) -> list[Difference]:
    """One line a kind, over all waves."""
    sums: dict[str, Difference] = {}
    for one in differences:
        before = sums[one.code].count if one.code in sums else 0
        sums[one.code] = Difference(code=one.code, count=before + one.count, example=one.example)
    return list(sums.values())


def _line(outcome: Outcome, made: Sheet) -> SheetLine:
    line = next(line for line in made.lines if line.outcome is outcome)
    parts = tuple(Part(label=figure_words.detail(outcome, one.code), people=one.people) for one in line.details)
    is_told = len(parts) > 1 or outcome in _WITH_REASON
    return SheetLine(
        label=str(outcome.label), by_state=line.by_state, by_fact=line.by_fact, parts=parts if is_told else ()
    )


def _found(difference: Difference) -> Found:
    return Found(
        label=figure_words.difference(difference.code),
        count=difference.count,
        example=difference.example,
        is_person=difference.code != IMPORT_SUMS,
    )
