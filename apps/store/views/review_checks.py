"""RV-05: automatic results of a dossier, run again, set aside; a result of security by two people."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import StaffRole
from apps.store.checks import registry
from apps.store.forms.case_acts import OverrideForm
from apps.store.models import CandidacyStep
from apps.store.services import checking
from apps.store.services.errors import ChangedError
from apps.store.views import check_lines
from apps.store.views.act_page import attempt, data_of, done, say, show
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.case_refusals import refused
from apps.store.views.dossiers import with_values
from apps.ui.forms import EnsForm

PAGE = "case_checks"
TEAM = (StaffRole.ASSESSOR, StaffRole.DESK)


@case_page(page="checks")
@require_safe
def case_checks(request: CaseRequest) -> HttpResponse:
    """Results of the newest round, raw values included."""
    case = request.case
    rows, titles = list(check_lines.last_round(case)), check_lines.titles_of(case)
    lines = check_lines.lines(rows, viewer=request.actor.user_id, titles=titles)
    waits = any(row.state in {CandidacyStep.State.DUE, CandidacyStep.State.RUNNING} for row in rows)
    context = {"lines": lines, "is_running": waits, "may_act": not request.staff_roles.isdisjoint(TEAM)}
    return show(request, "store/case_checks.html", form=EnsForm(), context={**head_of(request, PAGE), **context})


@case_page(*TEAM)
@require_POST
def case_rerun(request: CaseRequest) -> HttpResponse:
    """Run them again, once in ten minutes."""
    case, at = request.case, timezone.now()
    error = attempt(lambda: checking.check_again(actor=request.actor, candidacy_id=case.id, at=at))
    if error is not None:
        refused(request, error, at=at)
        return redirect("store:case_checks", case.id)
    detail = _("The results come one by one; load the page again in a minute.")
    return done(request, _("Checks started"), detail, "store:case_checks", case.id)


@case_page(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def case_override(request: CaseRequest, step_id: UUID) -> HttpResponse:
    """Set one result aside, with a reason."""
    step, case = _step(request, step_id), request.case
    form, error = OverrideForm(data_of(request), initial={"seen": checking.override_mark(step)}), None
    if request.method == "POST" and form.is_valid():
        said, at = form.cleaned_data, timezone.now()
        error = attempt(lambda: checking.override(actor=request.actor, step_id=step.id, at=at, **said))
        if error is None:
            detail = _told(step)
            return done(request, _("Result set aside"), detail, "store:case_checks", case.id)
        say(form, error, at=at)
        if isinstance(error, ChangedError):
            form.data = with_values(request.POST, seen=checking.override_mark(step))  # the page shows their words
    line = check_lines.lines([step], viewer=request.actor.user_id, titles=check_lines.titles_of(case))[0]
    context = {**head_of(request, PAGE), "line": line}
    return show(request, "store/case_override.html", form=form, context=context, error=error)


@case_page(*TEAM)
@require_POST
def case_override_confirm(request: CaseRequest, step_id: UUID) -> HttpResponse:
    """The second person."""
    step, at, seen = _step(request, step_id), timezone.now(), request.POST.get("seen", "")
    error = attempt(lambda: checking.confirm_override(actor=request.actor, step_id=step.id, seen=seen, at=at))
    if error is not None:
        refused(request, error, at=at)
        return redirect("store:case_checks", request.case.id)
    return done(request, _("Confirmed"), _("The result is set aside."), "store:case_checks", request.case.id)


def _told(step: CandidacyStep) -> str:
    check = registry.CHECKS.get(step.kind)
    if check is not None and check.is_security:
        return _("A result of security counts only once a second person has confirmed.")
    return _("Your result counts at once; the automatic one stays beside it.")


def _step(request: CaseRequest, step_id: UUID) -> CandidacyStep:
    """A finished result of this dossier."""
    rows = request.case.steps.select_related("override_by__identity", "override_confirmed_by__identity")
    step = rows.filter(pk=step_id).exclude(outcome="").first()
    if step is None:
        raise Http404
    return step
