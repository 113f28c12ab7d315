"""SE-05: which events are told, by which way and how often."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.common import limits
from apps.notifications import services
from apps.notifications.forms import WishesForm
from apps.notifications.kinds import Kind
from apps.notifications.views.requests import CentreRequest
from apps.notifications.words import WHY_ALWAYS
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: CentreRequest, space_id: UUID) -> HttpResponse:
    """The choices of this person, the same in all their spaces."""
    wishes = {kind: services.wish_of(user_id=request.actor.user_id, kind=kind) for kind in Kind if kind.may_be_off}
    form = WishesForm(request.POST if request.method == "POST" else None, wishes=wishes)
    if request.method != "POST":
        return _page(request, form, space_id)
    if not form.is_valid():
        return _page(request, form, space_id, HTTPStatus.UNPROCESSABLE_ENTITY)
    for kind, wish in form.wishes().items():
        services.choose(actor=request.actor, kind=kind, wish=wish, at=timezone.now())
    outcome.tell(request, Outcome(title=_("Choices saved")))
    return redirect("notifications:preferences", space_id)


@require_POST
def trial(request: CentreRequest, space_id: UUID) -> HttpResponse:
    """Send a mail to try the address."""
    now = timezone.now()
    verdict = limits.allow(act="trial_mail", key=str(request.user.pk), at=now)
    if not verdict.allowed:
        return limits.refusal(verdict=verdict, at=now)
    try:
        services.send_trial(user=request.user, at=now)
    except services.NoAddressError:
        return redirect("notifications:preferences", space_id)
    detail = _("It should arrive within a minute. If not, look among the unwanted mails, then check your address.")
    outcome.tell(request, Outcome(title=_("Test e-mail sent"), detail=detail))
    return redirect("notifications:preferences", space_id)


def _page(request: CentreRequest, form: WishesForm, space_id: UUID, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    context = {
        "form": form,
        "always": [(kind.label, why) for kind, why in WHY_ALWAYS.items()],
        "address": request.user.email,
        "space_id": space_id,
    }
    return render(request, "notifications/preferences.html", context, status=status)
