"""RV-14: the desk's list; admissible, pieces missing, or not admissible."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.models import StaffRole
from apps.store import reasons, subjects
from apps.store.forms.admissibility import AdmissibilityForm, MissingForm, RejectForm
from apps.store.forms.case_acts import SeenForm
from apps.store.models import AdmissibilityItem, Candidacy
from apps.store.services import admitting
from apps.store.states import Status
from apps.store.views.act_page import attempt, data_of, done, say, show
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page, given_of

_METHODS = ["GET", "HEAD", "POST"]
PAGE = "admissibility"


@case_page(page="admissibility")
@require_http_methods(_METHODS)
def admissibility(request: CaseRequest) -> HttpResponse:
    """Yes or no, line by line, with notes; saved as often as one likes."""
    case, rows = request.case, _rows(request.case)
    form = AdmissibilityForm(data_of(request), rows=rows, initial={"seen": case.sequence})
    error = None
    if request.method == "POST" and form.is_valid():
        lines, seen = form.lines(), form.cleaned_data["seen"]
        error = attempt(lambda: admitting.save_list(**given_of(request), lines=lines, seen=seen))
        if error is None:
            met = sum(line.is_met for line in lines.values())
            detail = _("%(met)s lines of %(all)s are met.") % {"met": met, "all": len(reasons.ADMISSIBILITY)}
            return done(request, _("List saved"), detail, "store:admissibility", case.id)
        _keep_typed(form, error, request)
    return show(request, "store/case_admissibility.html", form=form, context=_context(request, rows), error=error)


@case_page(StaffRole.DESK)
@require_http_methods(_METHODS)
def admissibility_accept(request: CaseRequest) -> HttpResponse:
    """All lines are yes: on to the assessors."""
    form, error = SeenForm(data_of(request), initial={"seen": request.case.sequence}), None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        error = attempt(lambda: admitting.accept(**given_of(request), seen=seen))
        if error is None:
            detail = _("The assessors go on; the publisher is told by e-mail.")
            return done(request, _("Dossier admissible"), detail, "store:review_case", request.case.id)
        _keep_typed(form, error, request)
    return show(request, "store/case_accept.html", form=form, context=head_of(request, PAGE), error=error)


@case_page(StaffRole.DESK)
@require_http_methods(_METHODS)
def admissibility_ask(request: CaseRequest) -> HttpResponse:
    """What is missing, thirty days."""
    case = request.case
    notes = {code: row.note for code, row in _rows(case).items() if not row.is_met}
    form, error = MissingForm(data_of(request), notes=notes, initial={"seen": case.sequence}), None
    if request.method == "POST" and form.is_valid():
        text, seen, items = form.cleaned_data["text"], form.cleaned_data["seen"], form.items()
        error = attempt(lambda: admitting.ask_missing(**given_of(request), items=items, text=text, seen=seen))
        if error is None:
            detail = _("The publisher is told by e-mail and has thirty days.")
            return done(request, _("Missing pieces asked for"), detail, "store:review_case", case.id)
        _keep_typed(form, error, request)
    context = {**head_of(request, PAGE), "days": admitting.DAYS}
    return show(request, "store/case_missing.html", form=form, context=context, error=error)


@case_page(StaffRole.DESK)
@require_http_methods(_METHODS)
def admissibility_reject(request: CaseRequest) -> HttpResponse:
    """A reasoned decision, with its notice; open to an appeal."""
    case = request.case
    choices = [(one.code, f"{one.code} – {one.question}") for one in subjects.criteria_of(case)]
    form, error = RejectForm(data_of(request), criteria=choices, initial={"seen": case.sequence}), None
    if request.method == "POST" and form.is_valid():
        why, seen = form.rejection(), form.cleaned_data["seen"]
        error = attempt(lambda: admitting.reject(**given_of(request), why=why, seen=seen))
        if error is None:
            detail = _("The notice is made and the publisher is told by e-mail. They may appeal within two months.")
            return done(request, _("Dossier not admissible"), detail, "store:review_case", case.id)
        _keep_typed(form, error, request)
    return show(request, "store/case_reject.html", form=form, context=head_of(request, PAGE), error=error)


def _keep_typed(form: SeenForm, error: Exception, request: CaseRequest) -> None:
    say(form, error, at=request.actor.at)
    form.renew(request.case.sequence)


def _rows(case: Candidacy) -> dict[str, AdmissibilityItem]:
    return {row.item: row for row in case.admissibility.all()}


def _context(request: CaseRequest, rows: Mapping[str, AdmissibilityItem]) -> dict[str, object]:
    is_turn = request.case.status == Status.ADMISSIBILITY
    head = head_of(request, PAGE)
    return {
        **head,
        "rows": [(words, rows.get(code)) for code, words in reasons.ADMISSIBILITY.items()],
        "may_act": is_turn and request.case.assignee_id == request.actor.user_id,
        "is_complete": all(code in rows and rows[code].is_met for code in reasons.ADMISSIBILITY),
    }
