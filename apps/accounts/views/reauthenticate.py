"""S-10: confirm who is there before an act that cannot be undone or that opens something to others."""

from __future__ import annotations

from typing import cast

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import drafts, factors, services
from apps.accounts.franceconnect import attempts, flow
from apps.accounts.franceconnect.faults import Fault, SignInRefusedError
from apps.accounts.gateways.base import GatewayError
from apps.accounts.models import User
from apps.accounts.outcomes import confirmation_outcome_of
from apps.accounts.reauthentication import is_confirmed
from apps.accounts.views.targets import own_path
from apps.common import limited
from apps.ui import outcome


@require_safe
@login_required
def reauthenticate(request: HttpRequest) -> HttpResponse:
    """The ways to confirm; once confirmed, back to the act, with the answers already given."""
    user, now = cast("User", request.user), timezone.now()
    path = own_path(request, request.GET.get("next", ""))
    waiting = drafts.find(request.session, path=path, at=now)
    if not is_confirmed(request, at=now):
        uses_franceconnect = SocialAccount.objects.filter(user=user, provider=settings.FRANCECONNECT["issuer"]).exists()
        context = {"next": path, "waiting": waiting, "uses_franceconnect": uses_franceconnect}
        context |= {"means": factors.means_of(user)}
        return render(request, "accounts/reauthenticate.html", context)
    answers = drafts.unseal(waiting, user_id=user.pk) if waiting else ()
    if not answers or waiting is None:
        return redirect(path or settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/resume.html", {"waiting": waiting, "answers": answers})


@require_POST
@limited.by_address("sign_in_address")
@login_required
def reauthenticate_fc(request: HttpRequest) -> HttpResponse:
    """Go to FranceConnect, which must ask again (`prompt=login`)."""
    now = timezone.now()
    attempt = attempts.begin(
        request.session,
        acr=settings.FRANCECONNECT["acr_values"],
        next_url=own_path(request, request.POST.get("next", "")),
        confirms=str(request.user.pk),
        at=now,
    )
    try:
        return redirect(flow.authorization_url(attempt))
    except GatewayError:
        attempts.take(request.session)
        return confirmation_refused(request, Fault.UNAVAILABLE, attempt.next_url)


def confirmation_answer(
    request: HttpRequest, *, attempt: attempts.Attempt, proof: flow.Proof | None, fault: Fault | None
) -> HttpResponse:
    """The way back from FranceConnect (`fc_callback`), for a confirmation."""
    user = request.user
    if not isinstance(user, User) or str(user.pk) != attempt.confirms:
        return redirect("accounts:sign_in")  # that session has ended meanwhile
    if proof is None:
        return confirmation_refused(request, fault or Fault.REFUSED, attempt.next_url)
    try:
        services.confirm_by_franceconnect(request=request, user=user, proof=proof, at=timezone.now())
    except SignInRefusedError as error:
        return confirmation_refused(request, error.fault, attempt.next_url)
    return redirect(_here(attempt.next_url))


def confirmation_refused(request: HttpRequest, fault: Fault, next_url: str) -> HttpResponse:
    """One line, one text, the same page again: the session goes on, the act still waits."""
    user = cast("User", request.user)
    services.refuse_confirmation(request=request, user=user, reason=fault.value, at=timezone.now())
    outcome.tell(request, confirmation_outcome_of(fault))
    return redirect(_here(next_url))


def _here(next_url: str) -> str:
    return f"{reverse('accounts:reauthenticate')}?{urlencode({'next': next_url})}"
