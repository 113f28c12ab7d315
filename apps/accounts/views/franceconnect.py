"""Pages of signing in and out: the choice of a way, FranceConnect and back, the end of a session (S-01, S-02, S-13)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST, require_safe

from apps.accounts import services
from apps.accounts.franceconnect import attempts, encryption, flow
from apps.accounts.franceconnect.faults import Fault, SignInRefusedError
from apps.accounts.gateways.base import GatewayError
from apps.accounts.linking import Link
from apps.accounts.middleware import ENDED
from apps.accounts.outcomes import outcome_of, session_ended
from apps.accounts.views.reauthenticate import confirmation_answer
from apps.accounts.views.targets import own_path
from apps.common import limited
from apps.ui import outcome

CLEAR_SITE_DATA = '"cache", "cookies", "storage"'


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """S-01: choose a way in."""
    next_url = own_path(request, request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(next_url or settings.LOGIN_REDIRECT_URL)
    if ENDED in request.GET:
        outcome.tell(request, session_ended())
    return render(request, "accounts/sign_in.html", {"next": next_url})


@require_POST
@limited.by_address("sign_in_address")
def fc_start(request: HttpRequest) -> HttpResponse:
    """S-02: go to FranceConnect."""
    now = timezone.now()
    next_url = own_path(request, request.POST.get("next", ""))
    attempt = attempts.begin(request.session, acr=settings.FRANCECONNECT["acr_values"], next_url=next_url, at=now)
    try:
        address = flow.authorization_url(attempt)
    except GatewayError:
        attempts.take(request.session)
        return _refused(request, Fault.UNAVAILABLE, next_url)
    services.record_start(acr=attempt.acr, at=now)
    return redirect(address)


@require_GET
@limited.by_address("sign_in_address")
def fc_callback(request: HttpRequest) -> HttpResponse:
    """S-02: back from FranceConnect; the attempt is used up whatever the answer says."""
    now = timezone.now()
    attempt = attempts.take(request.session)
    next_url = attempt.next_url if attempt else ""
    proof, fault = _finished(request, attempt, now)
    if attempt is not None and attempt.confirms:
        return confirmation_answer(request, attempt=attempt, proof=proof, fault=fault)
    if proof is None:
        return _refused(request, fault or Fault.REFUSED, next_url)
    signed_in = services.sign_in_by_franceconnect(request=request, proof=proof, next_url=next_url, at=now)
    if signed_in.link in {Link.NONE, Link.DOUBT} and request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)  # S-09 says « Aucun espace à votre nom », whatever was asked
    return signed_in.response


@require_safe
def fc_keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """The public key to which FranceConnect+ encrypts (IDN-23)."""
    return JsonResponse(encryption.published())


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """S-13: end the session here, then at the provider."""
    id_token = services.sign_out(request=request, at=timezone.now())
    response = redirect(_provider_logout(id_token) or reverse("accounts:signed_out"))
    response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
    return response


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """S-13: text for shared computers."""
    return render(request, "accounts/signed_out.html")


@require_safe
def sign_in_help(request: HttpRequest) -> HttpResponse:
    """S-06, in short: no space, another name, a doubt."""
    return render(request, "accounts/sign_in_help.html")


def _finished(
    request: HttpRequest, attempt: attempts.Attempt | None, at: datetime
) -> tuple[flow.Proof | None, Fault | None]:
    if any(len(values) > 1 for _, values in request.GET.lists()):  # RFC 6749, 3.1: each parameter once
        return None, Fault.REPEATED
    try:
        return flow.finish(attempt=attempt, answer=request.GET.dict(), at=at), None
    except SignInRefusedError as error:
        return None, error.fault


def _refused(request: HttpRequest, fault: Fault, next_url: str) -> HttpResponseRedirectBase:
    """One audit line, one neutral text, back to the choice; the provider's answer leaves the address bar."""
    services.refuse_sign_in(fault=fault, at=timezone.now())
    outcome.tell(request, outcome_of(fault))
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    return redirect(f"{reverse('accounts:sign_in')}{query}")


def _provider_logout(id_token: str) -> str:
    if not id_token:
        return ""
    try:
        return flow.logout_url(id_token)
    except GatewayError:
        return ""  # our session has ended; the provider ends its own after 30 minutes (IDN-26)
