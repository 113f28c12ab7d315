"""RV-06: asking for complements on criteria « à compléter »."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.models import StaffRole
from apps.store import subjects
from apps.store.forms.judging import ComplementsForm
from apps.store.services import asking
from apps.store.states import Queue, Status
from apps.store.transitions.guards import MOST_ROUNDS
from apps.store.views.act_page import attempt, data_of, done, say, show
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page, given_of
from apps.ui.words import day

DAYS = 30


@case_page(StaffRole.ASSESSOR, page="complements")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_complements(request: CaseRequest) -> HttpResponse:
    """A text for each criterion that is to be completed; our clock stops, theirs begins."""
    case, open_now = request.case, asking.to_complete(request.case)
    wanted = tuple(one for one in subjects.criteria_of(case) if one.code in open_now)
    initial = {"seen": case.sequence, "days": DAYS}
    form, error = ComplementsForm(data_of(request), criteria=wanted, judgements=open_now, initial=initial), None
    if request.method == "POST" and form.is_valid():
        ask, seen = form.ask(), form.cleaned_data["seen"]
        error = attempt(lambda: asking.ask_complements(**given_of(request), ask=ask, seen=seen))
        if error is None:
            detail = _("The publisher is told by e-mail; our clock stands still until they answer.")
            return done(request, _("Complements asked for"), detail, "store:review_case", case.id)
        say(form, error, at=request.actor.at)
        form.renew(case.sequence)
    context = {
        **head_of(request, "criteria_grid"),
        "wanted": wanted,
        "may_act": _may_ask(request),
        "round": case.rounds + 1,
        "most": MOST_ROUNDS,
        "is_last": case.rounds + 1 >= MOST_ROUNDS,
        "used_up": case.rounds >= MOST_ROUNDS,
        "due_on": day(case.due_at),
    }
    return show(request, "store/case_complements.html", form=form, context=context, error=error)


def _may_ask(request: CaseRequest) -> bool:
    case = request.case
    is_turn = (case.status, case.queue) == (Status.ASSESSMENT, Queue.ASSESSOR)
    return is_turn and case.assignee_id == request.actor.user_id
