"""Which links of a narrative stay links (DMP-103)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

# Browsers drop tabs and line ends inside an address and read a backslash as a slash: such an address is no link.
_REFUSED = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"'`\u2028\u2029\u200b-\u200f\u202a-\u202e]")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that may be followed and the host (or mail address) to show beside it."""

    href: str
    shown: str


def external_link(href: str | None) -> Link | None:
    """http, https or mailto with a plain host; None for everything else, which then stays text."""
    address = (href or "").strip()
    if not address or _REFUSED.search(address):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme == "mailto":
        return Link(href=f"mailto:{parts.path}", shown=parts.path) if _ADDRESS.fullmatch(parts.path) else None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    return Link(href=address, shown=host) if _HOST.fullmatch(host) else None
