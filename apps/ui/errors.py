"""Error pages (ER-01): what happened, what to do, phone, reference. 500 and 503 touch no database and no session."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from apps.ui import reference
from apps.ui.site import bare_frame

# A lock or a statement that took too long, no connection, a connection that broke: nothing is wrong with the request.
BUSY = (OperationalError, InterfaceError)
BUSY_SECONDS = 30
WITHOUT_DATABASE = frozenset({HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What the page says of one failed request; `retry_at` is known for 429 and 503 only."""

    status: HTTPStatus
    reference: str
    retry_at: datetime | None = None
    max_bytes: int = 0
    kept_answers: tuple[tuple[str, str], ...] = ()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when Django refused the size."""
    too_big = isinstance(exception, RequestDataTooBig)
    return page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_big else HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    del exception  # its text could name what is forbidden
    return page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what is unknown and what is forbidden (SEC-01)."""
    del exception
    return page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without database and session; 503 when the database alone was in the way.

    Django calls it inside the `except` of the failure, for views and middlewares alike.
    """
    if not isinstance(sys.exc_info()[1], BUSY):
        return page(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    response = page(request, HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(BUSY_SECONDS)
    return response


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """`handler429` of allauth."""
    return page(request, HTTPStatus.TOO_MANY_REQUESTS)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of Django's CSRF check; answers typed on our own page can be sent again."""
    del reason
    return page(request, HTTPStatus.FORBIDDEN, template="csrf")


def page(request: HttpRequest, status: HTTPStatus, template: str = "") -> HttpResponse:
    """One error page; `template` where its name is not the number."""
    return HttpResponse(body(request, status, {}, template), status=status)


def body(request: HttpRequest, status: HTTPStatus, headers: Mapping[str, str], template: str = "") -> str:
    """HTML of one error page. `headers` of the refusal: `Retry-After` in seconds is shown as an hour."""
    failure = Failure(
        status=status,
        reference=reference.spoken(reference.request_id()),
        retry_at=_retry_at(headers),
        max_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        kept_answers=_kept_answers(request) if template == "csrf" else (),
    )
    name = f"ui/errors/{template or status.value}.html"
    if status in WITHOUT_DATABASE:
        return render_to_string(name, {"failure": failure, "frame": bare_frame(request)})
    return render_to_string(name, {"failure": failure}, request)


def _retry_at(headers: Mapping[str, str]) -> datetime | None:
    """Rounded up to the minute: at the hour that the page says, the next try is really let in."""
    seconds = headers.get("Retry-After", "")
    if not seconds.isdecimal():
        return None
    exact = timezone.now() + timedelta(seconds=int(seconds))
    whole = exact.replace(second=0, microsecond=0)
    return whole if whole == exact else whole + timedelta(minutes=1)


def _kept_answers(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Fields to send again, only when the browser says that our own page sent them: else the check would be void."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return ()
    return tuple(
        (name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values
    )
