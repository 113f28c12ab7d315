"""Reference of a request, read aloud on the phone: « 7C4E-19A2 » = first eight digits of its id in the logs."""

from __future__ import annotations

import re

import structlog

_HEX = re.compile(r"[0-9a-fA-F]{8}")


def request_id() -> str:
    """Id that django-structlog bound to this request; empty outside a request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def spoken(identifier: str) -> str:
    """Eight digits in two groups; empty when the id (it may come from a proxy) does not start with eight of them."""
    match = _HEX.match(identifier)
    if match is None:
        return ""
    digits = match[0].upper()
    return f"{digits[:4]}-{digits[4:]}"
