"""S-04: sign in by mail address and password, then by a code; S-06 without the application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import services, sessions
from apps.accounts.forms import CodeForm, IdentifierForm, RecoveryForm
from apps.accounts.models import SignInSession
from apps.accounts.qr import data_address
from apps.accounts.views import pending
from apps.accounts.views.landing import landing
from apps.accounts.views.pending import Pending
from apps.accounts.views.targets import own_path
from apps.common import limited
from apps.common.addresses import client_address
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import clock

Means = SignInSession.Means
Step = Callable[[HttpRequest, Pending], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
def password(request: HttpRequest) -> HttpResponse:
    """The first step; one text for every cause of a failure."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    next_url = own_path(request, request.POST.get("next", request.GET.get("next", "")))
    form = IdentifierForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        tried = services.try_password(**form.cleaned_data, address=client_address(request), at=now)
        if tried.user:
            found = pending.begin(request.session, user=tried.user, next_url=next_url, at=now)
            return redirect("accounts:enrol" if found.enrols else "accounts:totp")
        form.add_error(None, _failure(tried.retry_at) or _("The mail address or the password is not right."))
    return _page(request, "accounts/password.html", form, {"next": next_url})


def second_step(*, enrols: bool) -> Callable[[Step], Callable[[HttpRequest], HttpResponse]]:
    """Decorator of the pages after the password; whoever comes too late or by another way begins again."""

    def decorator(view: Step) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest) -> HttpResponse:
            found = pending.find(request.session, at=timezone.now())
            if found is None or request.user.is_authenticated or found.enrols is not enrols:
                return redirect("accounts:password")
            return view(request, found)

        return checked

    return decorator


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
@second_step(enrols=False)
def totp(request: HttpRequest, found: Pending) -> HttpResponse:
    """The second step: the code of the application."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now, address = timezone.now(), client_address(request)
        tried = services.try_totp(user=found.user, code=form.cleaned_data["code"], address=address, at=now)
        if tried.user:
            return _signed_in(request, found, Means.PASSWORD_TOTP, now)
        form.add_error(None, _failure(tried.retry_at) or _wrong_code())
    return _page(request, "accounts/totp.html", form, {})


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
@second_step(enrols=False)
def recovery(request: HttpRequest, found: Pending) -> HttpResponse:
    """The second step without the application: a printed code, once."""
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now, address = timezone.now(), client_address(request)
        tried = services.try_recovery_code(user=found.user, code=form.cleaned_data["code"], address=address, at=now)
        if tried.user:
            outcome.tell(request, _code_used())
            return _signed_in(request, found, Means.PASSWORD_RECOVERY, now)
        form.add_error(None, _failure(tried.retry_at) or _("This code is not right, or was used before."))
    return _page(request, "accounts/recovery.html", form, {})


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
@second_step(enrols=True)
def enrol(request: HttpRequest, found: Pending) -> HttpResponse:
    """No second factor yet: it is added before anything else."""
    seed = pending.seed_of(request.session, user=found.user)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if services.add_totp(user=found.user, secret=seed, code=form.cleaned_data["code"], at=now):
            services.sign_in_by_identifier(request=request, user=found.user, means=Means.PASSWORD_TOTP, at=now)
            request.session[sessions.SHOWS_CODES] = True
            return redirect("accounts:recovery_codes")
        form.add_error(None, _wrong_code())
    return _page(request, "accounts/enrol.html", form, {"seed": seed, "picture": data_address(found.user, seed)})


def _signed_in(request: HttpRequest, found: Pending, means: SignInSession.Means, at: datetime) -> HttpResponse:
    services.sign_in_by_identifier(request=request, user=found.user, means=means, at=at)
    return redirect(found.next_url or landing(request))


def _page(request: HttpRequest, template: str, form: BaseForm, context: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)


def _failure(retry_at: datetime | None) -> str:
    if retry_at is None:
        return ""
    return _("Too many tries. Try again from %(time)s.") % {"time": clock(retry_at)}


def _wrong_code() -> str:
    return _("This code is not right. Write the one that your application shows now; each works once.")


def _code_used() -> Outcome:
    return Outcome(
        title=_("You are signed in"),
        detail=_("This recovery code does not work again. Remember to print new codes."),
    )
