"""S-05 and the passkeys of SE-09: the one act that needs JavaScript, which the pages say."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.accounts import passkeys, services
from apps.accounts.forms import PasskeyForm
from apps.accounts.models import User
from apps.accounts.passkeys import PasskeyRefusedError
from apps.accounts.reauthentication import confirmed_recently
from apps.accounts.services.passkeys import LastFactorError, may_remove
from apps.accounts.views.answers import passkey_answer
from apps.accounts.views.landing import landing
from apps.accounts.views.targets import own_path
from apps.common import limited
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey of this site, whoever it names."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    next_url = own_path(request, request.POST.get("next", request.GET.get("next", "")))
    refused = False
    if request.method == "POST":
        try:
            services.sign_in_by_passkey(request=request, answer=passkey_answer(request), at=timezone.now())
        except PasskeyRefusedError:
            refused = True
        else:
            return redirect(next_url or landing(request))
    context = {"next": next_url, "options": json.dumps(passkeys.begin()), "refused": refused}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "accounts/passkey.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently(gettext_lazy("Add a passkey"))
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Add a passkey to one's account; it gives the level of this session afterwards."""
    user, next_url = cast("User", request.user), own_path(request, request.GET.get("next", ""))
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name, answer = form.cleaned_data["name"], passkey_answer(request)
        try:
            services.add_passkey(request=request, user=user, name=name, answer=answer, at=timezone.now())
        except PasskeyRefusedError:
            form.add_error(None, _("The passkey was not added. Start again from this page."))
        else:
            told = _("You can use it at your next sign-in.")
            outcome.tell(request, Outcome(title=_("Passkey added"), detail=told))
            return redirect(next_url or "accounts:security")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "options": json.dumps(passkeys.begin_adding(user))}
    return render(request, "accounts/passkey_add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently(gettext_lazy("Remove a passkey"))
def passkey_remove(request: HttpRequest, key_id: int) -> HttpResponse:
    user = cast("User", request.user)
    row = passkeys.of(user).filter(pk=key_id).first()
    if row is None:
        raise Http404
    if request.method != "POST":
        context = {"name": row.data[passkeys.NAME], "may_remove": may_remove(user)}
        return render(request, "accounts/passkey_remove.html", context)
    try:
        services.remove_passkey(request=request, user=user, key_id=key_id, at=timezone.now())
    except LastFactorError:
        return redirect("accounts:passkey_remove", key_id)
    except Authenticator.DoesNotExist as error:
        raise Http404 from error
    outcome.tell(request, Outcome(title=_("Passkey removed"), detail=_("Your other sessions have ended.")))
    return redirect("accounts:security")
