"""O-09: a new notice for whoever has lost theirs, to the address already held and never to a typed one."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.common import limits
from apps.common.addresses import client_address
from apps.rollout.forms.lost_code import LostCodeForm
from apps.rollout.services import resending
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_http_methods(["GET", "HEAD", "POST"])
def notice_resend(request: HttpRequest) -> HttpResponse:
    """One answer for everybody, also for the eleventh try of an hour: it says nothing of anybody (SEC-09)."""
    form = LostCodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "rollout/notice_resend.html", {"form": form}, status=status)
    now = timezone.now()
    if limits.allow(act="notice_resend_address", key=client_address(request), at=now).allowed:
        resending.ask_again(**form.traits(), at=now)
    told = _(
        "We have noted it. If a space is to be opened in this name, a new letter leaves within 2 working days, to the "
        "address known to the health insurance. The old code will not work any more. The date of the opening does not "
        "change."
    )
    outcome.tell(request, Outcome(title=_("Request received"), detail=told))
    return redirect("rollout:notice_resend")
