"""Pages of signing in and out: the choice of a way, FranceConnect and back, the end of a session (S-01, S-02, S-13)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_GET, require_POST, require_safe

from apps.accounts import services
from apps.accounts.franceconnect import attempts, flow
from apps.accounts.franceconnect.faults import Fault, SignInRefusedError
from apps.accounts.gateways.base import GatewayError
from apps.accounts.linking import Link
from apps.accounts.middleware import ENDED
from apps.accounts.outcomes import outcome_of, session_ended
from apps.ui import outcome

CLEAR_SITE_DATA = '"cache", "cookies", "storage"'


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """S-01: choose a way in."""
    next_url = _next(request, request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(next_url or settings.LOGIN_REDIRECT_URL)
    if ENDED in request.GET:
        outcome.tell(request, session_ended())
    return render(request, "accounts/sign_in.html", {"next": next_url})


@require_POST
def fc_start(request: HttpRequest) -> HttpResponse:
    """S-02: go to FranceConnect."""
    now = timezone.now()
    next_url = _next(request, request.POST.get("next", ""))
    attempt = attempts.begin(request.session, acr=settings.FRANCECONNECT["acr_values"], next_url=next_url, at=now)
    try:
        address = flow.authorization_url(attempt)
    except GatewayError:
        attempts.take(request.session)
        return _refused(request, Fault.UNAVAILABLE, next_url)
    services.record_start(acr=attempt.acr, at=now)
    return redirect(address)


@require_GET
def fc_callback(request: HttpRequest) -> HttpResponse:
    """S-02: back from FranceConnect; the attempt is used up whatever the answer says."""
    now = timezone.now()
    attempt = attempts.take(request.session)
    next_url = attempt.next_url if attempt else ""
    try:
        proof = flow.finish(attempt=attempt, answer=request.GET.dict(), at=now)
    except SignInRefusedError as error:
        return _refused(request, error.fault, next_url)
    signed_in = services.sign_in_by_franceconnect(request=request, proof=proof, next_url=next_url, at=now)
    if signed_in.link in {Link.NONE, Link.DOUBT} and request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)  # S-09 says « Aucun espace à votre nom », whatever was asked
    return signed_in.response


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


def _next(request: HttpRequest, target: str) -> str:
    """Only a path of this site (B1: `next` is never believed; without a slash it could be the name of an address)."""
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else ""
