"""Sign-up of publishers: the same answer whoever asks (PU-01, SEC-09)."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common import limited
from apps.common.addresses import client_address
from apps.store.forms.accounts import SignUpForm
from apps.store.services import signing_up


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
def publisher_sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for an account; whoever has signed in goes to the home of publishers."""
    if request.user.is_authenticated:
        return redirect("store:publisher_home")
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email, address = form.cleaned_data["email"], client_address(request)
        signing_up.sign_up(email=email, address=address, at=timezone.now())
        return redirect("store:publisher_sign_up_sent")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "store/sign_up.html", {"form": form}, status=status)


@require_safe
def publisher_sign_up_sent(request: HttpRequest) -> HttpResponse:
    """What comes next; says nothing of the address."""
    return render(request, "store/sign_up_sent.html")
