"""RV-07: the report of the assessor, second reading, data-protection check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.store import subjects
from apps.store.criteria import Criterion
from apps.store.forms.case_acts import ReportForm, ReturnForm, SeenForm
from apps.store.models import Candidacy, Judgement
from apps.store.services import judging, reporting
from apps.store.services.reporting import Proposal
from apps.store.states import Queue, Status
from apps.store.views import grid_lines
from apps.store.views.act_page import attempt, done, say, show
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page, given_of
from apps.store.views.people_words import called
from apps.ui.components import Pair
from apps.ui.words import day, moment

PAGE = "opinion"
PROPOSE, SIGN, RETURN = "propose", "sign", "return"
PROPOSALS: Mapping[str, str | Promise] = {
    Proposal.REFERENCE: gettext_lazy("Reference the service"),
    Proposal.CONDITIONAL: gettext_lazy("Reference it under conditions"),
    Proposal.REFUSE: gettext_lazy("Refuse: a blocking criterion is not met"),
}
# What each reader does, in the order of their turns.
_SIGNS: Mapping[str, Callable[..., object]] = {
    Queue.SECOND_READER: reporting.sign_second,
    Queue.PRIVACY: reporting.sign_privacy,
}
_TOLD: Mapping[str, tuple[str | Promise, str | Promise]] = {
    PROPOSE: (gettext_lazy("Report handed over"), gettext_lazy("A second assessor reads it.")),
    Queue.SECOND_READER: (
        gettext_lazy("Second reading signed"), gettext_lazy("The data-protection check comes next."),
    ),
    Queue.PRIVACY: (gettext_lazy("Report ready"), gettext_lazy("The secretariat puts it on an agenda.")),
    RETURN: (gettext_lazy("Report given back"), gettext_lazy("The assessor takes it up again and is told by e-mail.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A criterion that is not simply met, with its note."""

    place: int
    criterion: Criterion
    verdict: str
    icon: str
    note: str
    url: str


@case_page(page="report")
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: CaseRequest) -> HttpResponse:
    """Summary made of the grid, and what the reader whose turn it is can do."""
    case = request.case
    form, second, error = _forms(request)
    if request.method == "POST" and form.is_valid():
        error = attempt(_act(request, form))
        if error is None:
            title, detail = _TOLD[_key(request)]
            return done(request, str(title), str(detail), "store:opinion", case.id)
        say(form, error, at=request.actor.at)
        form.renew(case.sequence)
    judgements = judging.current_judgements(case)
    summary, proposed = reporting.summary_of(case, judgements=judgements), reporting.last_proposal(case)
    context = {
        **head_of(request, PAGE),
        "turn": _turn(request),
        "second": second,
        "summary": summary,
        "counts": _counts(summary),
        "proposal": PROPOSALS[summary.proposal],
        "remarks": _remarks(case, judgements),
        "open": [(one, grid_lines.address(case, one.code)) for one in summary.open],
        "synthesis": proposed,
        "signatures": _signatures(case),
    }
    return show(request, "store/case_opinion.html", form=form, context=context, error=error)


def _turn(request: CaseRequest) -> str:
    """Queue whose reader is looking at the page; empty when it is not their turn."""
    case = request.case
    is_mine = case.status == Status.ASSESSMENT and case.assignee_id == request.actor.user_id
    return str(case.queue) if is_mine else ""


def _forms(request: CaseRequest) -> tuple[SeenForm, SeenForm, Exception | None]:
    """The form that is sent, and the other one of the page."""
    initial = {"seen": request.case.sequence}
    if request.method != "POST":
        first = ReportForm(initial=initial) if _turn(request) == Queue.ASSESSOR else SeenForm(initial=initial)
        return first, ReturnForm(initial=initial, auto_id="return_%s"), None
    match request.POST.get("act"):
        case "return":
            return ReturnForm(request.POST, auto_id="return_%s"), SeenForm(initial=initial), None
        case "sign":
            return SeenForm(request.POST), ReturnForm(initial=initial, auto_id="return_%s"), None
        case _:
            return ReportForm(request.POST), ReturnForm(initial=initial, auto_id="return_%s"), None


def _key(request: CaseRequest) -> str:
    act = request.POST.get("act", "")
    return str(request.case.queue) if act == SIGN else act if act == RETURN else PROPOSE


def _act(request: CaseRequest, form: SeenForm) -> Callable[[], object]:
    given = given_of(request)
    said = form.cleaned_data
    match request.POST.get("act"):
        case "return":
            return lambda: reporting.send_back(**given, reason=said["reason"], seen=said["seen"])
        case "sign":
            sign = _SIGNS.get(request.case.queue, reporting.sign_second)
            return lambda: sign(**given, seen=said["seen"])
        case _:
            return lambda: reporting.propose(**given, text=said["text"], seen=said["seen"])


def _counts(summary: reporting.Summary) -> tuple[Pair, ...]:
    lines = [
        Pair(term=str(verdict.label).capitalize(), value=str(summary.counts.get(verdict, 0)))
        for verdict in Judgement.Verdict
    ]
    return (*lines, Pair(term=_("Not judged"), value=str(summary.unjudged)))


def _remarks(case: Candidacy, judgements: Mapping[str, Judgement]) -> list[Remark]:
    return [
        Remark(
            place=place,
            criterion=one,
            verdict=grid_lines.verdict_words(said.verdict),
            note=said.note,
            icon=grid_lines.ICONS[said.verdict],
            url=grid_lines.address(case, one.code),
        )
        for place, one in enumerate(subjects.criteria_of(case), start=1)
        if (said := judgements.get(one.code)) is not None and said.verdict in judging.NEEDS_WORDS
    ]


def _signatures(case: Candidacy) -> tuple[Pair, ...]:
    signed = [
        (_("Second reading"), case.second_reader, case.second_read_at),
        (_("Data-protection check"), case.privacy_reader, case.privacy_checked_at),
    ]
    return (
        Pair(term=_("Assessor"), value=called(case.assessor)),
        *(
            Pair(term=term, value=called(who), note=moment(at) if at is not None else _("not signed"))
            for term, who, at in signed
        ),
        Pair(term=_("Due date"), value=day(case.due_at) if case.due_at else _("none")),
    )
