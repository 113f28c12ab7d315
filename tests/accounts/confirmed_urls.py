"""The portal's addresses and one act that asks for a confirmation; `DONE` holds what was done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from apps.accounts.reauthentication import confirmed_recently
from ens_portal import urls

DONE: list[tuple[str, dict[str, list[str]]]] = []


@confirmed_recently("Fermer l'espace")
def act(request: HttpRequest) -> HttpResponse:
    DONE.append((request.method or "", {name: list(values) for name, values in request.POST.lists()}))
    return HttpResponse("done", content_type="text/plain")


@confirmed_recently
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done", content_type="text/plain")


urlpatterns = [path("acte/", act), path("autre/", bare), path("", include(urls.urlpatterns))]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500
