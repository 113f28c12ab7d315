"""SE-09: another application of one-time codes instead of the present one, as after the loss of a phone."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.accounts import factors, services
from apps.accounts.factors import Factor
from apps.accounts.forms import CodeForm
from apps.accounts.models import User
from apps.accounts.qr import data_address
from apps.accounts.reauthentication import confirmed_recently
from apps.accounts.views import pending
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently(gettext_lazy("Change the application of one-time codes"))
def totp_replace(request: HttpRequest) -> HttpResponse:
    """The seed waits in the session until the new application shows its first code."""
    user = cast("User", request.user)
    if Factor.TOTP not in factors.means_of(user):
        return redirect("accounts:security")
    if not pending.seed_of(request.session, user=user):
        pending.keep_seed(request.session, user=user)
    seed = pending.seed_of(request.session, user=user)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if services.replace_totp(request=request, user=user, secret=seed, code=code, at=timezone.now()):
            request.session.pop(pending.SEED)
            detail = _("The former one does not work any more. Your other sessions have ended.")
            outcome.tell(request, Outcome(title=_("Application changed"), detail=detail))
            return redirect("accounts:security")
        form.add_error(None, _("This code is not right. Write the one that your application shows now."))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "seed": seed, "picture": data_address(user, seed)}
    return render(request, "accounts/totp_replace.html", context, status=status)
