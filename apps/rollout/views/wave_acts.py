"""RO-04 and RO-07: acts on one wave, each with a page of its own where it has an effect on people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.rollout import policies
from apps.rollout.models import Wave
from apps.rollout.services import errors, letting_open, waves
from apps.rollout.views import opening_words, wave_words
from apps.rollout.views.refusing import refused
from apps.rollout.views.traced import traced
from apps.ui import outcome
from apps.ui.outcome import Outcome

TEAM = policies.RUNS
REFUSALS = (
    errors.WrongStateError,
    errors.WaveChangedError,
    errors.SamePersonError,
    errors.StillReleasingError,
    errors.NobodyMeantError,
    errors.NoCapacityError,
    errors.NotAskedError,
)


@require_staff(StaffRole.APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_approve(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """Second person: what will happen, then the approval."""
    if request.method != "POST":
        wave = _wave(wave_id)
        context = {"preview": wave_words.preview_of(wave), "pairs": wave_words.criteria_pairs(wave)}
        return _confirm(request, "rollout/wave_approve.html", wave, **context)
    told = Outcome(
        title=_("Wave approved"), detail=_("Its people are being taken in. The first notices leave on the day planned.")
    )
    return _do(request, waves.approve_wave, wave_id, told, seen=request.POST.get("seen", ""))


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_cancel(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """Give a wave up before its first notice."""
    if request.method != "POST":
        return _confirm(request, "rollout/wave_cancel.html", _wave(wave_id))
    told = Outcome(title=_("Wave given up"), detail=_("Its people are free for another wave."))
    return _do(request, waves.cancel_wave, wave_id, told, seen=request.POST.get("seen", ""))


@require_staff(*TEAM)
@require_POST
def wave_pause(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    detail = _("No new notice of this wave leaves. The six weeks that run go on.")
    return _do(request, waves.pause_wave, wave_id, Outcome(title=_("Wave paused"), detail=detail))


@require_staff(*TEAM)
@require_POST
def wave_resume(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    told = Outcome(title=_("Wave resumed"), detail=_("Its notices leave again with the next batch."))
    return _do(request, waves.resume_wave, wave_id, told)


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
@traced("rollout.opening.read", target="wave:{wave_id}")
def wave_opening(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """The trial of the opening, and its first step."""
    wave = _wave(wave_id)
    if request.method == "POST":
        detail = _("Another person with the right to approve confirms it.")
        return _do(
            request,
            letting_open.ask_opening,
            wave_id,
            Outcome(title=_("Opening asked for"), detail=detail),
            back="rollout:wave_opening",
        )
    made = letting_open.trial(wave=wave, at=request.actor.at)
    context = {"wave": wave, "trial": made, "openable": wave.state in Wave.RUNNING}
    context |= {"pairs": opening_words.pairs(made), "steps": opening_words.steps(wave)}
    return render(request, "rollout/wave_opening.html", context)


@require_staff(StaffRole.APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_opening_approve(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """The second step, by another person."""
    if request.method != "POST":
        wave = _wave(wave_id)
        made = letting_open.trial(wave=wave, at=request.actor.at)
        return _confirm(request, "rollout/wave_opening_approve.html", wave, trial=made)
    detail = _("Spaces of this wave open from the next batch on, each once its own six weeks are over.")
    told = Outcome(title=_("Opening approved"), detail=detail)
    return _do(request, letting_open.approve_opening, wave_id, told, back="rollout:wave_opening")


def _wave(wave_id: UUID) -> Wave:
    try:
        return waves.wave_of(wave_id=wave_id)
    except errors.UnknownWaveError as error:
        raise Http404 from error


def _confirm(request: StaffRequest, template: str, wave: Wave, **context: object) -> HttpResponse:
    return render(request, template, {"wave": wave, "seen": waves.version_of(wave), **context})


def _do(
    request: StaffRequest,
    act: Callable[..., Wave],
    wave_id: UUID,
    told: Outcome,
    *,
    back: str = "rollout:wave_detail",
    **more: Any,  # noqa: ANN401  arguments of the act
) -> HttpResponse:
    """Do it and tell; what is refused is told too, and changes nothing."""
    try:
        act(actor=request.actor, wave_id=wave_id, at=timezone.now(), **more)
    except errors.UnknownWaveError as error:
        raise Http404 from error
    except REFUSALS as error:
        refused(request, wave_words.why_not(error))
    else:
        outcome.tell(request, told)
    return redirect(back, wave_id)
