"""RO-04: list of waves, one wave, making and changing it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.staff import StaffRequest, require_staff
from apps.common.ids import uuid7
from apps.rollout import policies
from apps.rollout.forms.waves import FIRST_TIME, WaveForm, contents_of
from apps.rollout.models import Wave
from apps.rollout.services import waves
from apps.rollout.services.errors import UnknownWaveError, WaveChangedError, WrongStateError
from apps.rollout.views import wave_lines, wave_words
from apps.rollout.views.refusing import refused
from apps.rollout.views.traced import traced
from apps.ui import outcome
from apps.ui.outcome import Outcome

TEAM = policies.RUNS
WAVES_A_PAGE = 20


@require_staff(*TEAM)
@require_safe
@traced("rollout.wave.list")
def wave_list(request: StaffRequest) -> HttpResponse:
    """All waves, the latest first."""
    page = Paginator(Wave.objects.order_by("-number"), WAVES_A_PAGE).get_page(request.GET.get("page"))
    lines = [wave_lines.line_of(wave) for wave in page.object_list]
    return render(request, "rollout/wave_list.html", {"page": page, "lines": lines})


@require_staff(*TEAM)
@require_safe
@traced("rollout.wave.read", target="wave:{wave_id}")
def wave_detail(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """Criteria, people, dates and what happened; the acts that are possible now."""
    try:
        wave = waves.wave_of(wave_id=wave_id)
    except UnknownWaveError as error:
        raise Http404 from error
    return render(request, "rollout/wave_detail.html", wave_lines.detail_of(wave, roles=request.staff_roles))


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_new(request: StaffRequest) -> HttpResponse:
    """A new draft; « count » shows the numbers without saving anything."""
    if request.method != "POST":
        form = WaveForm(initial={**FIRST_TIME, "token": uuid7()})
        return _form_page(request, form)
    form = WaveForm(request.POST)
    if not form.is_valid() or "count" in request.POST:
        return _form_page(request, form)
    at = timezone.now()
    wave = waves.create_wave(actor=request.actor, wave_id=form.wave_id(), content=form.content(), at=at)
    detail = _("Check the numbers and the dates. Another person approves it.")
    outcome.tell(request, Outcome(title=_("Draft saved"), detail=detail))
    return redirect("rollout:wave_detail", wave.id)


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_change(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """Change a draft, or an approved wave that has written to nobody."""
    try:
        wave = waves.wave_of(wave_id=wave_id)
        if request.method != "POST":
            initial = {**contents_of(wave), "seen": waves.version_of(wave)}
            return _form_page(request, WaveForm(initial=initial), wave)
        form = WaveForm(request.POST)
        if not form.is_valid() or "count" in request.POST:
            return _form_page(request, form, wave)
        seen, at = form.cleaned_data["seen"], timezone.now()
        waves.change_wave(actor=request.actor, wave_id=wave_id, seen=seen, content=form.content(), at=at)
    except UnknownWaveError as error:
        raise Http404 from error
    except (WaveChangedError, WrongStateError) as error:
        refused(request, wave_words.why_not(error))
        return redirect("rollout:wave_detail", wave_id)
    outcome.tell(request, Outcome(title=_("Wave changed"), detail=_("It is a draft: another person approves it.")))
    return redirect("rollout:wave_detail", wave_id)


def _form_page(request: StaffRequest, form: WaveForm, wave: Wave | None = None) -> HttpResponse:
    """The form, with the live count under it once it is right."""
    context: dict[str, object] = {"form": form, "wave": wave}
    if form.is_bound and not form.errors:
        context["preview"] = wave_words.preview_of(_as_written(form, wave))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "rollout/wave_form.html", context, status=status)


def _as_written(form: WaveForm, wave: Wave | None) -> Wave:
    """The wave of the form, with the people of the saved one as its own."""
    draft = waves.draft_of(form.content())
    draft.pk = wave.pk if wave is not None else draft.pk
    return draft
