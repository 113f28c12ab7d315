"""RV-04: one criterion beside its evidence, the verdict, then the next one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.store import subjects
from apps.store.criteria import Criterion
from apps.store.forms.judging import JudgementForm
from apps.store.models import Candidacy, Judgement
from apps.store.services import comparing, judging
from apps.store.states import Queue, Status
from apps.store.views import answer_lines, check_lines, grid_lines
from apps.store.views.act_page import attempt, data_of, say, show
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page, given_of
from apps.ui import outcome
from apps.ui.outcome import Outcome

PAGE = "criteria_grid"
Judgements = Mapping[str, Judgement]
_TAG = re.compile(r"\s*\[(?:read|memory)\]")  # how sure the note on criteria is; nothing for readers


@case_page()
@require_safe
def criteria_grid(request: CaseRequest) -> HttpResponse:
    """The first criterion that is still to be seen, else the first one."""
    applies = subjects.criteria_of(request.case)
    wanted = grid_lines.next_open(applies, judging.current_judgements(request.case), "") or applies[0]
    return redirect(grid_lines.address(request.case, wanted.code))


@case_page(page="grid")
@require_http_methods(["GET", "HEAD", "POST"])
def criterion(request: CaseRequest, code: str) -> HttpResponse:
    """Answer, evidence, machine results, verdict; saved criterion by criterion."""
    case = request.case
    wanted = next((one for one in subjects.criteria_of(case) if one.code == code.upper()), None)
    if wanted is None:
        raise Http404
    current, versions = _judgements(case, wanted)
    form, error = JudgementForm(data_of(request), initial=_initial(current.get(wanted.code))), None
    if request.method == "POST" and form.is_valid():
        opinion, seen = form.opinion(), form.cleaned_data["seen"]
        error = attempt(lambda: judging.judge(**given_of(request), criterion=wanted.code, opinion=opinion, seen=seen))
        if error is None:
            return _on(request, wanted, str(opinion.verdict), current)
        say(form, error, at=request.actor.at)
        form.renew(current[wanted.code].version if wanted.code in current else 0)
    context = {**head_of(request, PAGE), **_shown(request, wanted, current), "versions": grid_lines.versions(versions)}
    return show(request, "store/case_criterion.html", form=form, context=context, error=error)


def _on(request: CaseRequest, done: Criterion, verdict: str, current: Judgements) -> HttpResponse:
    """Tell the verdict, and go to the next criterion that is to be seen; to the report when there is none."""
    applies = subjects.criteria_of(request.case)
    values = {"place": applies.index(done) + 1, "all": len(applies), "verdict": grid_lines.verdict_words(verdict)}
    title = _("Criterion %(place)s of %(all)s, %(verdict)s") % values
    following = grid_lines.next_open(applies, current, done.code)
    if following is not None:
        outcome.tell(request, Outcome(title=title))
        return redirect(grid_lines.address(request.case, following.code))
    outcome.tell(request, Outcome(title=title, detail=_("Every criterion has a verdict: the report comes next.")))
    return redirect("store:opinion", request.case.id)


def _judgements(case: Candidacy, wanted: Criterion) -> tuple[dict[str, Judgement], list[Judgement]]:
    """Verdicts that stand, by code, and all versions of the one that is shown: one query."""
    rows = case.judgements.filter(Q(is_current=True) | Q(criterion=wanted.code)).select_related("by__identity")
    found = list(rows.order_by("criterion", "version"))
    return {row.criterion: row for row in found if row.is_current}, [r for r in found if r.criterion == wanted.code]


def _initial(current: Judgement | None) -> dict[str, object]:
    if current is None:
        return {"seen": 0}
    return {
        "seen": current.version, "verdict": current.verdict, "note": current.note, "internal": current.internal,
        "reason": current.reason,
    }  # fmt: skip


def _shown(request: CaseRequest, wanted: Criterion, current: Judgements) -> dict[str, object]:
    case, applies = request.case, subjects.criteria_of(request.case)
    place = applies.index(wanted) + 1
    steps = check_lines.last_round(case, check_lines.kinds_for(wanted.code))
    before, found = applies[place - 2] if place > 1 else None, answer_lines.read(case)
    titles = {str(piece.id): piece.title for piece in found.pieces}
    return {
        "criterion": wanted,
        "source": _TAG.sub("", wanted.source),
        "place": place,
        "number": len(applies),
        "line": answer_lines.line(wanted, place, found, comparing.before(case)),
        "checks": check_lines.lines(steps, viewer=request.actor.user_id, titles=titles),
        "sections": grid_lines.sections(case, applies, current, wanted.code),
        "progress": grid_lines.progress(applies, current),
        "previous_url": grid_lines.address(case, before.code) if before is not None else "",
        "next_url": grid_lines.address(case, applies[place].code) if place < len(applies) else "",
        "may_judge": _may_judge(request),
    }


def _may_judge(request: CaseRequest) -> bool:
    case = request.case
    is_turn = (case.status, case.queue) == (Status.ASSESSMENT, Queue.ASSESSOR)
    return is_turn and case.assignee_id == request.actor.user_id and StaffRole.ASSESSOR in request.staff_roles
