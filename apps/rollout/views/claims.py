"""RO-06: an opposition whose person is not found, and two requests that contradict each other."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.common.dates import PARIS
from apps.rollout.forms.claims import DecideForm, GiveUpForm
from apps.rollout.models import Channel, Claim, Conflict
from apps.rollout.services import claims, conflicts, intake, scans
from apps.rollout.services.wishes import WishRefusedError
from apps.rollout.views import intake_lines
from apps.rollout.views.oppositions import TEAM, scan_answer
from apps.rollout.views.person_lines import line_of
from apps.rollout.views.refusing import refused
from apps.ui import outcome
from apps.ui.outcome import Outcome

SHOWN = 50


@require_staff(*TEAM)
@require_safe
def claim_detail(request: StaffRequest, claim_id: UUID) -> HttpResponse:
    """What the writer said, whom it may mean; each opening is traced."""
    claim = _claim_or_404(claim_id)
    record(actor=request.actor, at=request.actor.at, line=Line(action="rollout.claim.read", target=f"claim:{claim.pk}"))
    people = claim.people.select_related("identity", "wave").order_by("pk")
    context = {
        "claim": claim,
        "pairs": intake_lines.claim_pairs(claim),
        "overdue": claim.ended_at is None and claim.due_on < request.actor.at.astimezone(PARIS).date(),
        "lines": [line_of(person) for person in people[:SHOWN]],
        "scan": scans.scan_state(vault_id=claim.scan_vault_id, file_id=claim.scan_file_id),
    }
    return render(request, "rollout/claim_detail.html", context)


@require_staff(*TEAM)
@require_http_methods(["GET"])
def claim_scan(request: StaffRequest, claim_id: UUID) -> HttpResponse:
    """The scanned letter of a claim."""
    claim = _claim_or_404(claim_id)
    file = scans.scan_state(vault_id=claim.scan_vault_id, file_id=claim.scan_file_id)
    return scan_answer(request, file, target=f"claim:{claim.pk}", name="demande")


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_give_up(request: StaffRequest, claim_id: UUID) -> HttpResponse:
    """Nobody is found: the letter to the writer, then the act."""
    claim = _claim_or_404(claim_id)
    form = GiveUpForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "rollout/claim_give_up.html", {"claim": claim, "form": form}, status=status)
    try:
        told_by = form.cleaned_data["told_by"]
        claims.give_up(actor=request.actor, claim_id=claim.pk, told_by=Channel(told_by), at=timezone.now())
    except intake.ClaimSettledError:
        refused(request, _("This request was settled by somebody else: look at the list again."))
    else:
        detail = _("The openings that it held go on.")
        outcome.tell(request, Outcome(title=_("Request ended: nobody found"), detail=detail))
    return redirect("rollout:oppositions")


@require_staff(StaffRole.OPERATOR, StaffRole.APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict_decide(request: StaffRequest, conflict_id: UUID) -> HttpResponse:
    """Both requests, then a decision with its reason (decisions.md 7); each opening is traced."""
    rows = Conflict.objects.select_related("person__identity", "opposition__by", "against")
    conflict = rows.filter(pk=conflict_id).first()
    if conflict is None:
        raise Http404
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        line = Line(action="rollout.conflict.read", target=f"conflict:{conflict.pk}")
        record(actor=request.actor, at=request.actor.at, line=line)
        context = {
            "conflict": conflict,
            "form": form,
            "person": intake_lines.person_words(conflict.person),
            "pairs": intake_lines.opposition_pairs(conflict.opposition),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "rollout/conflict_decide.html", context, status=status)
    _decide(request, conflict, form)
    return redirect("rollout:opposition_detail", conflict.opposition_id)


def _decide(request: StaffRequest, conflict: Conflict, form: DecideForm) -> None:
    try:
        conflicts.decide(
            actor=request.actor,
            conflict_id=conflict.pk,
            outcome=Conflict.Outcome(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
    except conflicts.DecidedError:
        refused(request, _("Somebody else has decided meanwhile."))
    except WishRefusedError:
        refused(request, _("No space is to be opened for this person: the opposition stands."))
    else:
        outcome.tell(request, Outcome(title=_("Decision recorded"), detail=_("Both representatives are told.")))


def _claim_or_404(claim_id: UUID) -> Claim:
    claim = Claim.objects.select_related("opposition").filter(pk=claim_id).first()
    if claim is None:
        raise Http404
    return claim
