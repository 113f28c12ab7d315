from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.common import health

logger = structlog.get_logger(__name__)


@require_safe
@never_cache
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at, so that a broken database restarts nobody."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when requests can be served, else 503; the log says which part is missing, the answer does not."""
    try:
        health.require_ready()
    except health.NotReadyError as error:
        logger.warning("not_ready", reason=error.part.value)
        return HttpResponse("unavailable", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
