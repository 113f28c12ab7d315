"""RV-03: declaring a link, taking a dossier, giving it to somebody else."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.store.forms.case_acts import BACK, AssignForm, ConflictForm
from apps.store.policies import REVIEW
from apps.store.services import assigning, conflicts
from apps.store.services.conflicts import LINK
from apps.store.views.act_page import attempt, seen_of
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, Given, case_or_404, case_page, given_of
from apps.store.views.case_refusals import refused, status_of, why_not
from apps.store.views.people_words import called
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_staff(*REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: StaffRequest, candidacy_id: UUID) -> HttpResponse:
    """« Aucun lien » or « lien », before the first opening; the page names the publisher and nothing of the dossier."""
    case = case_or_404(request, candidacy_id)
    form = ConflictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        has_link, kind = form.cleaned_data["link"] == LINK, form.cleaned_data["kind"]
        given: Given = {"actor": request.actor, "candidacy_id": case.id, "at": timezone.now()}
        error = attempt(lambda: conflicts.declare(has_link=has_link, kind=kind, **given))
        if error is None:
            return _declared(request, candidacy_id, has_link=has_link)
        form.add_error(None, why_not(error, at=request.actor.at))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {
        "case": case,
        "form": form,
        "is_declared": case.is_declared,  # type: ignore[attr-defined]  # annotated
        "has_queue": bool(request.staff_roles - {StaffRole.MEMBER}),
    }
    return render(request, "store/case_conflict.html", context, status=status)


@case_page()
@require_POST
def take(request: CaseRequest) -> HttpResponse:
    """Take a dossier that waits for one's role."""
    error = attempt(lambda: assigning.take(**given_of(request), seen=seen_of(request)))
    if error is not None:
        refused(request, error, at=request.actor.at)
    else:
        outcome.tell(request, Outcome(title=_("Dossier taken"), detail=_("It is assigned to you.")))
    return redirect("store:review_case", request.case.id)


@case_page()
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: CaseRequest) -> HttpResponse:
    """Give the dossier to a colleague of the role that is waited for, or back to the queue, with a reason."""
    case, at = request.case, request.actor.at
    people = [(str(user.pk), called(user)) for user in assigning.colleagues(case, at=at)]
    initial = {"seen": case.sequence, "to": ""}
    form = AssignForm(request.POST if request.method == "POST" else None, people=people, initial=initial)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        to = None if form.cleaned_data["to"] == BACK else UUID(form.cleaned_data["to"])
        reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen"]
        error = attempt(lambda: assigning.assign(**given_of(request), to=to, reason=reason, seen=seen))
        if error is None:
            return _assigned(request, to)
        form.add_error(None, why_not(error, at=at))
        form.renew(case.sequence)
        status = status_of(error)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors and status is HTTPStatus.OK else status
    context = {**head_of(request, ""), "form": form}
    return render(request, "store/case_assign.html", context, status=status)


def _declared(request: StaffRequest, candidacy_id: UUID, *, has_link: bool) -> HttpResponse:
    if has_link:
        detail = _("The dossier is closed for you and goes back to the queue.")
        outcome.tell(request, Outcome(title=_("Link declared"), detail=detail))
        return redirect("store:review_queue")
    back = request.GET.get("suite", "")
    # A path only: `redirect` takes what begins with no slash for the name of a page.
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else reverse("store:review_case", args=[candidacy_id]))


def _assigned(request: CaseRequest, to: UUID | None) -> HttpResponse:
    detail = _("The person is told by e-mail.") if to else _("It waits for anybody of the role.")
    outcome.tell(request, Outcome(title=_("Dossier assigned") if to else _("Dossier given back"), detail=detail))
    return redirect("store:review_case", request.case.id)
