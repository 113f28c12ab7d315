"""From where a request comes, as limits count it: believed as far as our own proxies say it (SEC-09)."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
NETWORK_BITS = 64  # a subscriber of IPv6 has at least 2^64 addresses: they count as one


def client_address(request: HttpRequest) -> str:
    """The address of the browser: IPv4 as it is, IPv6 as its /64, « unknown » where nobody knows.

    With `TRUSTED_PROXY_COUNT` proxies in front, the entry of `X-Forwarded-For` that the outermost one wrote: what
    stands left of it was sent by the visitor and is never read. Without proxies, or past them, the peer itself.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    count: int = settings.TRUSTED_PROXY_COUNT
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")] if count else []
    found = _counted(said[-count]) if count and len(said) >= count else ""
    return found or _counted(peer) or UNKNOWN


def _counted(text: str) -> str:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, NETWORK_BITS), strict=False))
