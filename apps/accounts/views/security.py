"""SE-09: the ways into one's account, and the sessions that are open."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import factors, passkeys, services, sessions
from apps.accounts.factors import Factor
from apps.accounts.forms import ChangePasswordForm
from apps.accounts.models import SignInSession, User
from apps.accounts.reauthentication import confirmed_recently
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_safe
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Everything on one page, with what may be done about it."""
    user, now = cast("User", request.user), timezone.now()
    held = factors.means_of(user)
    rows = SignInSession.objects.filter(user=user, expires_at__gt=now).order_by("-last_seen_at", "pk")
    context = {
        "has_password": Factor.PASSWORD in held,
        "has_totp": Factor.TOTP in held,
        "has_codes": Factor.RECOVERY_CODES in held,
        "passkeys": list(passkeys.of(user)),
        "sessions": list(rows),
        "own": sessions.hashed(request.session.session_key or ""),
    }
    return render(request, "accounts/security.html", context)


@require_POST
@login_required
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End every session but this one; whoever lost a device must not be asked for more first."""
    ended = services.end_other_sessions(user=cast("User", request.user), request=request, at=timezone.now())
    title = _("Other sessions closed") if ended else _("There was no other session")
    outcome.tell(request, Outcome(title=title))
    return redirect("accounts:security")


@require_safe
@login_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes, on the one page load after they were made."""
    if not request.session.pop(sessions.SHOWS_CODES, False):
        return redirect("accounts:security")
    return render(
        request, "accounts/recovery_codes.html", {"codes": factors.recovery_codes(user=cast("User", request.user))}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently(gettext_lazy("Make new recovery codes"))
def recovery_renew(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    if Factor.RECOVERY_CODES not in factors.means_of(user):
        return redirect("accounts:security")
    if request.method != "POST":
        return render(request, "accounts/recovery_renew.html")
    services.renew_recovery_codes(user=user, at=timezone.now())
    request.session[sessions.SHOWS_CODES] = True
    return redirect("accounts:recovery_codes")


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently(gettext_lazy("Change the password"))
def password_change(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    if not user.has_usable_password():
        return redirect("accounts:security")
    form = ChangePasswordForm(
        request.POST if request.method == "POST" else None,
        checks=lambda typed: factors.check_password(user=user, password=typed),
    )
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        services.change_password(user=user, password=password, request=request, at=timezone.now())
        outcome.tell(request, Outcome(title=_("Password changed"), detail=_("Your other sessions have ended.")))
        return redirect("accounts:security")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/password_change.html", {"form": form}, status=status)
