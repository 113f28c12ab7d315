"""RO-05: where notices stand, of one wave or of all; what they look like; a trial to oneself."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.common import limits
from apps.rollout import policies
from apps.rollout.forms.notices import SampleForm
from apps.rollout.models import Wave
from apps.rollout.services import notices as service
from apps.rollout.views import notice_lines
from apps.rollout.views.refusing import refused
from apps.rollout.views.traced import traced
from apps.ui import outcome
from apps.ui.outcome import Outcome

TEAM = policies.RUNS
BATCHES_A_PAGE = 20


@require_staff(*TEAM)
@require_safe
@traced("rollout.notice.figures")
def notices(request: StaffRequest) -> HttpResponse:
    """All notices of the roll-out."""
    return _overview(request, None)


@require_staff(*TEAM)
@require_safe
@traced("rollout.notice.figures", target="wave:{wave_id}")
def wave_notices(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """Those of one wave."""
    wave = Wave.objects.filter(pk=wave_id).first()
    if wave is None:
        raise Http404
    return _overview(request, wave)


@require_staff(*TEAM)
@require_safe
def notice_sample(request: StaffRequest) -> HttpResponse:
    """The mail in words, the letter to open, about somebody who does not exist."""
    form = SampleForm(request.GET if "sorte" in request.GET else None)
    kind, voice = form.kind(), form.voice()
    mail = service.sample_mail(kind=kind, voice=voice, at=timezone.now())
    context = {"form": form, "mail": mail, "query": f"sorte={kind.value}&lecteur={voice.value}", "kind": kind}
    return render(request, "rollout/notice_sample.html", {**context, "voice": voice, "address": request.user.email})


@require_staff(*TEAM)
@require_safe
def notice_sample_letter(request: StaffRequest) -> HttpResponse:
    """The letter as PDF."""
    form = SampleForm(request.GET if "sorte" in request.GET else None)
    data = service.sample_letter(kind=form.kind(), voice=form.voice(), at=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="lettre-exemple.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@require_staff(*TEAM)
@require_POST
def notice_trial(request: StaffRequest) -> HttpResponse:
    """The mail to the operator's own address."""
    form, at = SampleForm(request.POST), timezone.now()
    verdict = limits.allow(act="trial_mail", key=str(request.user.pk), at=at)
    if not verdict.allowed:
        return limits.refusal(verdict=verdict, at=at)
    try:
        service.send_trial(actor=request.actor, address=request.user.email, kind=form.kind(), voice=form.voice(), at=at)
    except service.NoAddressError:
        refused(request, _("Your account has no e-mail address."))
        return redirect("rollout:notice_sample")
    detail = _("It goes to the address of your account. Its code opens nothing.")
    outcome.tell(request, Outcome(title=_("Trial on its way"), detail=detail))
    return redirect("rollout:notice_sample")


def _overview(request: StaffRequest, wave: Wave | None) -> HttpResponse:
    wave_id = wave.pk if wave is not None else None
    page = Paginator(service.batches_of(wave_id=wave_id), BATCHES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "wave": wave,
        "counts": service.counts_of(wave_id=wave_id),
        "troubles": notice_lines.trouble_links(service.trouble_counts(wave_id=wave_id), wave_id=wave_id),
        "waiting": service.letters_waiting(wave_id=wave_id),
        "page": page,
        "batches": [notice_lines.batch_line(batch) for batch in page.object_list],
        "may_act": StaffRole.OPERATOR in request.staff_roles,
    }
    return render(request, "rollout/notices.html", context)
