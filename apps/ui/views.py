"""Choice of the theme without JavaScript; with it, `static/ui/theme.js` writes the same cookie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from apps.ui.frame import THEME_COOKIE, Theme
from apps.ui.site import theme_of

ONE_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def theme(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        context = {"theme": theme_of(request), "next": _same_origin(request, request.GET.get("next", ""))}
        return render(request, "ui/theme.html", context)
    response = redirect(_same_origin(request, request.POST.get("next", "")))
    response.set_cookie(
        THEME_COOKIE,
        Theme.of(request.POST.get("theme")).value,
        max_age=ONE_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=False,  # theme.js writes it too
        samesite="Lax",
    )
    return response


def _same_origin(request: HttpRequest, address: str) -> str:
    """The address when it is a path of ours, else the home page; a text without a slash could be a name of one."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else "/"
