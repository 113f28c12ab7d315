"""RO-06: finding the person, entering what they want; a person who is not found."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.common.dates import PARIS
from apps.rollout.forms.intake import CONFIRM, OPPOSE, WITHDRAW, ClaimForm, EntryForm, FindForm
from apps.rollout.models import Claim, EligiblePerson, Opposition
from apps.rollout.services import claims, intake, population
from apps.rollout.services.scans import ScanRefusedError
from apps.rollout.services.situations import Kind, Situation, standing_situation
from apps.rollout.services.voices import capacities_of, representatives_of
from apps.rollout.services.wishes import AlreadyOpenError, WishRefusedError
from apps.rollout.views import intake_lines
from apps.rollout.views.oppositions import TEAM
from apps.rollout.views.person_lines import held_words, line_of
from apps.rollout.views.population import too_many
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import day

_ACTS = {OPPOSE, WITHDRAW, CONFIRM}


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def opposition_enter(request: StaffRequest) -> HttpResponse:
    """Find the person; by POST, so that neither a code nor a name stands in an address."""
    form = FindForm(request.POST if request.method == "POST" else None)
    claim = _claim_of(request)
    context = {"form": form, "claim": claim}
    if request.method != "POST" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "rollout/opposition_enter.html", context, status=status)
    try:
        found = _find(request, form)
    except population.TooManyPeopleError as error:
        return too_many(request, population.SEARCH, error)
    if len(found) == 1:
        return redirect(_entry_address(found[0].pk, claim))
    lines = [(line_of(person), _entry_address(person.pk, claim)) for person in found]
    return render(request, "rollout/opposition_enter.html", {**context, "lines": lines, "searched": True})


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def opposition_entry(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """What this person, or who speaks for them, wants; what stands already is said first. Each opening is traced."""
    person = EligiblePerson.objects.select_related("identity").filter(pk=person_id).first()
    if person is None:
        raise Http404
    claim, at = _claim_of(request), timezone.now()
    situation = standing_situation(person)
    form = EntryForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        today=at.astimezone(PARIS).date(),
        capacities=capacities_of(person, at=at),
        representatives=representatives_of(person),
        has_scan=claim is not None and claim.scan_file_id is not None,
    )
    act = request.POST.get("act", "")
    if request.method == "POST" and act in _ACTS and form.is_valid():
        answer = _enter(request, person, form, act, claim)
        if answer is not None:
            return answer
    line = Line(action="rollout.person.entry", target=f"person:{person.pk}")
    record(actor=request.actor, at=at, line=line)
    context = {
        "form": form,
        "claim": claim,
        "person": intake_lines.person_words(person),
        "situation": situation,
        "told": intake_lines.situation_words(situation.kind, situation.since),
        "held": held_words(person),
        "acts": _acts_of(situation),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "rollout/opposition_entry.html", context, status=status)


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_new(request: StaffRequest) -> HttpResponse:
    """An opposition whose person is not found: five working days."""
    at = timezone.now()
    today = at.astimezone(PARIS).date()
    form = ClaimForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            claim = claims.open_claim(actor=request.actor, new=form.new(), at=at)
        except ScanRefusedError:
            form.refuse_scan()
        else:
            detail = _("To be found by %(day)s. The openings that it may concern wait.") % {"day": day(claim.due_on)}
            outcome.tell(request, Outcome(title=_("Put on the list of people to be found"), detail=detail))
            return redirect("rollout:claim_detail", claim.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "rollout/claim_new.html", {"form": form}, status=status)


def _find(request: StaffRequest, form: FindForm) -> list[EligiblePerson]:
    if code := form.cleaned_data["code"]:
        return intake.find_by_code(actor=request.actor, typed=code)
    return list(population.find(actor=request.actor, **form.traits()))


def _entry_address(person_id: UUID, claim: Claim | None) -> str:
    address = reverse("rollout:opposition_entry", args=[person_id])
    return f"{address}?demande={claim.pk}" if claim is not None else address


def _claim_of(request: StaffRequest) -> Claim | None:
    """The claim that is being settled by this entry."""
    try:
        claim_id = UUID(request.GET.get("demande", ""))
    except ValueError:
        return None
    return Claim.objects.filter(pk=claim_id, state=Claim.State.WAITING).first()


def _acts_of(situation: Situation) -> list[str]:
    """What can be entered now."""
    match situation.kind:
        case Kind.OPPOSED:
            return [WITHDRAW]
        case Kind.DMP_KEPT:
            return [CONFIRM, WITHDRAW]
        case Kind.NOT_CONCERNED | Kind.CLOSED | Kind.CONFLICT:
            return []
        case _:
            return [OPPOSE]


def _enter(
    request: StaffRequest, person: EligiblePerson, form: EntryForm, act: str, claim: Claim | None
) -> HttpResponse | None:
    """The answer of what was done; None when the form says why nothing was."""
    try:
        opposition, title = _do(request, person, form, act, claim)
    except ScanRefusedError:
        form.refuse_scan()
    except (WishRefusedError, intake.ClaimSettledError) as error:
        form.add_error(None, _why(error))
    else:
        detail = _("Reference %(reference)s.") % {"reference": opposition.reference}
        outcome.tell(request, Outcome(title=title, detail=detail))
        return redirect("rollout:opposition_detail", opposition.pk)
    return None


def _do(
    request: StaffRequest, person: EligiblePerson, form: EntryForm, act: str, claim: Claim | None
) -> tuple[Opposition, str]:
    entry, at, actor = form.entry(), timezone.now(), request.actor
    if act == WITHDRAW:
        changed = intake.enter_withdrawal(actor=actor, person_id=person.pk, entry=entry, at=at)
        held = changed.conflict is not None
        return changed.opposition, _("Two requests contradict each other") if held else _("Change of mind entered")
    if act == CONFIRM:
        return intake.enter_confirmation(actor=actor, person_id=person.pk, entry=entry, at=at), _(
            "Opposition confirmed"
        )
    opposition = intake.enter_opposition(
        actor=actor, person_id=person.pk, entry=entry, at=at, claim_id=claim.pk if claim is not None else None
    )
    return opposition, _("Opposition entered, space closed") if opposition.closed_space else _("Opposition entered")


def _why(error: Exception) -> str:
    match error:
        case AlreadyOpenError():
            return _("The space was open before this was received. It can be closed: by the person, or by phone.")
        case intake.ClaimSettledError():
            return _("This request was settled by somebody else: look at the list again.")
        case _:
            return _("This cannot be entered for this person: look at what is said above, and at who asks for it.")
