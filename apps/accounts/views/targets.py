"""Where a page leads back to: never believed as it comes (B1)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_path(request: HttpRequest, target: str) -> str:
    """The target when it is a path of this site, else empty; without a slash it could be the name of an address."""
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else ""
