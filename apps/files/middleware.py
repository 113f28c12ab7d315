"""A store of files that is away is no fault of the page: the person is told to try again (ER-01, REL-12)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from apps.files.gateways.base import StoreUnavailableError

logger = structlog.get_logger(__name__)

RETRY_SECONDS = 120


class StoreUnavailableMiddleware:
    """503 with the hour at which to try again; `apps.ui.middleware` gives it its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:  # noqa: ARG002  Django's signature
        """Django asks here for what a view has raised."""
        if not isinstance(exception, StoreUnavailableError):
            return None
        logger.error("file_store_unavailable")
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY_SECONDS)})
