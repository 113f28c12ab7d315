"""SE-10: the mail address, and the traits that only the health insurance corrects."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import services
from apps.accounts.forms import NewAddressForm, SentCodeForm
from apps.accounts.models import User
from apps.accounts.reauthentication import confirmed_recently
from apps.common.addresses import client_address
from apps.ui import outcome
from apps.ui.outcome import Outcome

WAITING = "ens_address"  # address, hash of the code, instant


@require_safe
@login_required
def contact(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    return render(request, "accounts/contact.html", {"email": user.email, "identity": user.identity})


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently(gettext_lazy("Change the mail address"))
def address_change(request: HttpRequest) -> HttpResponse:
    """Nothing changes before the code that goes to the new address has come back."""
    user, now = cast("User", request.user), timezone.now()
    form = NewAddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        address = client_address(request)
        hashed = services.start_address_change(user=user, email=email, address=address, at=now)
        request.session[WAITING] = {"email": email, "hash": hashed, "at": now.isoformat()}
        return redirect("accounts:address_check")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/address_change.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def address_check(request: HttpRequest) -> HttpResponse:
    """The code comes back: from now on we write to the new address."""
    user, now = cast("User", request.user), timezone.now()
    waiting = _waiting(request, now)
    if waiting is None:
        return redirect("accounts:contact")
    form = SentCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email, code, hashed = waiting["email"], form.cleaned_data["code"], waiting["hash"]
        if services.finish_address_change(user=user, email=email, code=code, hashed=hashed, at=now):
            request.session.pop(WAITING)
            detail = _("We tell the former one too. For 24 hours, no link for a new password goes to the new one.")
            outcome.tell(request, Outcome(title=_("Address changed"), detail=detail))
            return redirect("accounts:contact")
        form.add_error(None, _("This code is not right. Check it, or start again."))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/address_check.html", {"form": form, "email": waiting["email"]}, status=status)


def _waiting(request: HttpRequest, at: datetime) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(WAITING)
    return kept if kept and at < datetime.fromisoformat(kept["at"]) + services.CODE_LIFE else None
