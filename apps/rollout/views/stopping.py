"""RO-08: the big stop, made for a phone too."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.rollout import console, policies
from apps.rollout.forms.stopping import RestartForm, StopForm
from apps.rollout.models import StopOrder, Wave
from apps.rollout.services import stopping
from apps.rollout.services.errors import NotAskedError, SamePersonError, UnknownWaveError
from apps.rollout.views.refusing import refused
from apps.ui import outcome
from apps.ui.outcome import Outcome

TEAM = policies.HELPS
LATEST = 10


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: StaffRequest) -> HttpResponse:
    """Stops that stand, the form of a new one, the latest that are over."""
    form = StopForm(request.POST if request.method == "POST" else None, waves=_waves())
    if request.method == "POST" and form.is_valid():
        return _order(request, form)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    over = StopOrder.objects.exclude(lifted_at=None).select_related("wave").order_by("-lifted_at", "-id")[:LATEST]
    context = {"form": form, "standing": console.running_stops(), "over": list(over)}
    return render(request, "rollout/stop.html", context, status=status)


@require_staff(*policies.RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def restart_ask(request: StaffRequest, stop_id: UUID) -> HttpResponse:
    """First step of a restart: a reason."""
    form = RestartForm(request.POST if request.method == "POST" else None)
    try:
        standing = stopping.standing_stop(stop_id=stop_id)
        if request.method != "POST" or not form.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
            return render(request, "rollout/restart_ask.html", {"form": form, "stop": standing}, status=status)
        reason = form.cleaned_data["reason"]
        stopping.ask_restart(actor=request.actor, stop_id=stop_id, reason=reason, at=timezone.now())
    except stopping.UnknownStopError as error:
        raise Http404 from error
    detail = _("The stop stands until another person with the right to approve confirms.")
    outcome.tell(request, Outcome(title=_("Restart asked for"), detail=detail))
    return redirect("rollout:stop")


@require_staff(StaffRole.APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def restart_confirm(request: StaffRequest, stop_id: UUID) -> HttpResponse:
    """Second step, by another person."""
    try:
        standing = stopping.standing_stop(stop_id=stop_id)
        if request.method != "POST":
            return render(request, "rollout/restart_confirm.html", {"stop": standing})
        stopping.confirm_restart(actor=request.actor, stop_id=stop_id, at=timezone.now())
    except stopping.UnknownStopError as error:
        raise Http404 from error
    except (NotAskedError, SamePersonError) as error:
        refused(request, _why(error))
        return redirect("rollout:stop")
    detail = _("Sendings and openings go on with the next batch.")
    outcome.tell(request, Outcome(title=_("Stop lifted"), detail=detail))
    return redirect("rollout:stop")


def _order(request: StaffRequest, form: StopForm) -> HttpResponse:
    try:
        stopping.order_stop(
            actor=request.actor, wave_id=form.wave_id(), reason=form.cleaned_data["reason"], at=timezone.now()
        )
    except UnknownWaveError as error:
        raise Http404 from error
    detail = _("Nothing new is sent or opened from the next batch on, within 60 seconds. Six weeks that run go on.")
    outcome.tell(request, Outcome(title=_("Stop ordered"), detail=detail))
    return redirect("rollout:stop")


def _waves() -> list[Wave]:
    """Waves that send or open something."""
    return list(Wave.objects.filter(state__in=Wave.RUNNING).order_by("-number"))


def _why(error: Exception) -> str:
    if isinstance(error, SamePersonError):
        return _("You asked for this restart yourself. Another person confirms it.")
    return _("Nobody has asked for this restart yet.")
