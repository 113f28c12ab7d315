"""What the log says of a request beside its outcome: the name of the page, never its address with ids (SEC-22)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest
from django_structlog.signals import bind_extra_request_finished_metadata


@receiver(bind_extra_request_finished_metadata)
def name_the_page(request: HttpRequest, log_kwargs: dict[str, Any], **_other: Any) -> None:  # noqa: ANN401  the sender's own
    """Add `method` and `url_name` to the line `request_finished`."""
    match = request.resolver_match
    log_kwargs["method"] = request.method
    log_kwargs["url_name"] = match.view_name if match is not None else ""
