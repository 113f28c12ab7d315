"""S-10 by one's own factors: a code of the application, or a passkey."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import factors, passkeys, services
from apps.accounts.factors import Factor
from apps.accounts.forms import CodeForm
from apps.accounts.models import SignInSession, User
from apps.accounts.passkeys import PasskeyRefusedError
from apps.accounts.views.answers import passkey_answer
from apps.accounts.views.targets import own_path
from apps.common import limited
from apps.common.addresses import client_address
from apps.ui.words import clock

Means = SignInSession.Means


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
@login_required
def reauthenticate_code(request: HttpRequest) -> HttpResponse:
    """Confirm by the application; wrong codes count as at the sign-in (SEC-09)."""
    user = cast("User", request.user)
    if Factor.TOTP not in factors.means_of(user):
        return _back(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now, address = timezone.now(), client_address(request)
        tried = services.try_totp(user=user, code=form.cleaned_data["code"], address=address, at=now)
        if tried.user:
            services.confirm(request=request, user=user, means=Means.PASSWORD_TOTP.value, at=now)
            return _back(request)
        wait = _("Too many tries. Try again from %(time)s.")
        wrong = _("This code is not right. Write the one that your application shows now; each works once.")
        form.add_error(None, wait % {"time": clock(tried.retry_at)} if tried.retry_at else wrong)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "next": _next(request)}
    return render(request, "accounts/reauthenticate_code.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
@login_required
def reauthenticate_passkey(request: HttpRequest) -> HttpResponse:
    """Confirm by a passkey of one's own."""
    user, refused = cast("User", request.user), False
    if Factor.PASSKEY not in factors.means_of(user):
        return _back(request)
    if request.method == "POST":
        now = timezone.now()
        try:
            passkeys.finish(answer=passkey_answer(request), at=now, user=user)
        except PasskeyRefusedError:
            services.refuse_confirmation(request=request, user=user, reason="passkey", at=now)
            refused = True
        else:
            services.confirm(request=request, user=user, means=Means.PASSKEY.value, at=now)
            return _back(request)
    context = {"options": json.dumps(passkeys.begin(user)), "refused": refused, "next": _next(request)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "accounts/reauthenticate_passkey.html", context, status=status)


def _next(request: HttpRequest) -> str:
    return own_path(request, request.POST.get("next", request.GET.get("next", "")))


def _back(request: HttpRequest) -> HttpResponse:
    """To S-10, which leads on to the act."""
    return redirect(f"{reverse('accounts:reauthenticate')}?{urlencode({'next': _next(request)})}")
