"""S-07: a new password by a key in a mail; the same answer whoever asks."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import services
from apps.accounts.forms import AddressForm, NewPasswordForm
from apps.common import limited
from apps.common.addresses import client_address
from apps.ui import outcome
from apps.ui.outcome import Outcome

KEY = "ens_reset"


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
def password_reset(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.send_reset(email=form.cleaned_data["email"], address=client_address(request), at=timezone.now())
        told = _("If this address opens an account, a mail is on its way. Its link works once, for 30 minutes.")
        outcome.tell(request, Outcome(title=_("Request received"), detail=told))
        return redirect("accounts:password_reset")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/password_reset.html", {"form": form}, status=status)


@require_safe
def password_reset_key(request: HttpRequest, key: str) -> HttpResponse:
    """Take the key out of the address bar: neither history nor referrer keeps it."""
    request.session[KEY] = key
    return redirect("accounts:password_reset_new")


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
def password_reset_new(request: HttpRequest) -> HttpResponse:
    key = request.session.get(KEY, "")
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if services.choose_password(key=key, password=form.cleaned_data["password"], at=timezone.now()):
            request.session.pop(KEY)
            told = _("Sign in with it. Your second factor is still asked; your other sessions have ended.")
            outcome.tell(request, Outcome(title=_("Password saved"), detail=told))
            return redirect("accounts:password")
        form.add_error(None, _("This link does not work any more. Ask for another one."))
    works = services.owner_of(key) is not None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/password_reset_new.html", {"form": form, "works": works}, status=status)
