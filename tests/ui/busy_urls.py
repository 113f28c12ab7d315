"""Pages on which the database is in the way, each in its own manner; and one with a fault of our own."""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from ens_portal import urls

LOCK = 20_261_126


def slow(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse()


def locked(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    return HttpResponse()


def unreachable(request: HttpRequest) -> HttpResponse:
    other = connection.copy()
    other.settings_dict = {**other.settings_dict, "HOST": "/nonexistent"}
    with other.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse()


def broken(request: HttpRequest) -> HttpResponse:
    """The server ends the connection in the middle of the work."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    finally:
        other.close()
    return HttpResponse()


def wrong(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(1 // 0))


urlpatterns = [
    *(path(f"{view.__name__}/", view) for view in (slow, locked, unreachable, broken, wrong)),
    path("", include(urls.urlpatterns)),
]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500
