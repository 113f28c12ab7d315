"""O-01 to O-04: before anything is recorded."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.addresses import client_address
from apps.rollout.forms.opposition import OPEN, OPPOSE, WAIT, CapacityForm, ChoiceForm, IdentifyForm
from apps.rollout.models import Capacity
from apps.rollout.services import identifying
from apps.rollout.services.identifying import TooManyTriesError
from apps.rollout.services.situations import MAY_CHOOSE, MAY_WITHDRAW, Kind, situation_of
from apps.rollout.services.voices import capacities_of
from apps.rollout.views import visits
from apps.rollout.views.opposition_words import person_words, waiting_words
from apps.rollout.views.other_ways import too_many_tries
from apps.rollout.views.steps import At, in_visit
from apps.ui.middleware import indexable

TRIES_SHOWN = "ens_opposition_tries"
SHOW_OTHER_WAYS = 5  # failures in one visit, whatever was typed


@require_safe
@indexable
def opposition_start(request: HttpRequest) -> HttpResponse:
    """O-01: three columns of equal weight, what to have at hand."""
    return render(request, "rollout/opposition_start.html")


@require_http_methods(["GET", "HEAD", "POST"])
def opposition_identify(request: HttpRequest) -> HttpResponse:
    """O-02: one text for a wrong code, a wrong date, an expired and an unknown code (SEC-06)."""
    form = IdentifyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "rollout/opposition_identify.html", {"typed": form})
    if not form.is_valid():
        context = {"typed": form, "unreadable": True}
        return render(request, "rollout/opposition_identify.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    now, typed = timezone.now(), form.cleaned_data["code"]
    try:
        found = identifying.identify(typed=typed, birth_date=form.birth_date(), address=client_address(request), at=now)
    except TooManyTriesError as error:
        return too_many_tries(request, error.retry_at)
    if found is None:
        return _not_found(request, form)
    visit = visits.find(request, at=now) or visits.begin(request, at=now)
    case = visit.take_up(code_id=found.code_id, person_id=found.person_id)
    visits.keep(request, visit, at=now)
    request.session.pop(TRIES_SHOWN, None)
    code = identifying.code_of_visit(code_id=case.code, at=now)
    asks = code is not None and situation_of(code, at=now).kind in MAY_CHOOSE | MAY_WITHDRAW
    return redirect("rollout:opposition_capacity" if asks else "rollout:opposition_choice")


@require_http_methods(["GET", "HEAD", "POST"])
@in_visit
def opposition_capacity(request: HttpRequest, step: At) -> HttpResponse:
    """O-03: for oneself, a child, a protected adult; where the receipt goes."""
    if step.situation.kind not in MAY_CHOOSE | MAY_WITHDRAW | {Kind.OPENED}:
        return redirect("rollout:opposition_choice")
    allowed = capacities_of(step.code.person, at=step.now)
    initial = {"capacity": step.case.capacity, "mail": step.visit.mail, "declared": _has_declared(step)}
    form = CapacityForm(request.POST if request.method == "POST" else None, allowed=allowed, initial=initial)
    if request.method == "POST" and form.is_valid():
        step.visit.remember_mail(form.cleaned_data["mail"])
        step.case.capacity, step.visit.current = form.cleaned_data["capacity"], step.case.handle
        visits.keep(request, step.visit, at=step.now)
        return redirect(_after_capacity(step))
    context = {"form": form, "case": step.case, "addressee": person_words(step.code.person)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "rollout/opposition_capacity.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_visit
def opposition_choice(request: HttpRequest, step: At) -> HttpResponse:
    """O-04: a free choice, or why there is none any more (S29)."""
    if step.situation.kind not in MAY_CHOOSE:
        return _explained(request, step)
    if not step.case.capacity:
        return redirect("rollout:opposition_capacity")
    asked = step.situation.kind is Kind.ASKED or step.situation.has_space
    initial = {"choice": step.case.choice}
    waiting = waiting_words(step.situation, at=step.now)
    form = ChoiceForm(request.POST if request.method == "POST" else None, asked=asked, waiting=waiting, initial=initial)
    if request.method == "POST" and form.is_valid():
        choice = form.cleaned_data["choice"]
        step.case.choice, step.visit.current = choice, step.case.handle
        step.case.act = "waited" if choice == WAIT else ""
        visits.keep(request, step.visit, at=step.now)
        return redirect("rollout:opposition_done" if choice == WAIT else "rollout:opposition_check")
    context = {
        "form": form, "case": step.case, "situation": step.situation, "addressee": person_words(step.code.person),
    }  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "rollout/opposition_choice.html", context, status=status)


def _after_capacity(step: At) -> str:
    if step.situation.kind is Kind.OPENED:
        return "rollout:opposition_close"
    return "rollout:opposition_check" if step.case.choice in {OPPOSE, OPEN} else "rollout:opposition_choice"


def _explained(request: HttpRequest, step: At) -> HttpResponse:
    if step.situation.kind in MAY_WITHDRAW and not step.case.capacity:
        return redirect("rollout:opposition_capacity")
    words = person_words(step.code.person)
    context = {"situation": step.situation, "case": step.case, "addressee": words}
    return render(request, "rollout/opposition_explained.html", context)


def _not_found(request: HttpRequest, form: IdentifyForm) -> HttpResponse:
    tries = int(request.session.get(TRIES_SHOWN, 0)) + 1
    request.session[TRIES_SHOWN] = tries
    context = {"typed": form, "failed": True, "show_other_ways": tries >= SHOW_OTHER_WAYS}
    return render(request, "rollout/opposition_identify.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _has_declared(step: At) -> bool:
    return step.case.capacity in {Capacity.PARENT, Capacity.PROTECTOR}
