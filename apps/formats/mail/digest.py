"""What makes two deliveries one message (S19)."""

from __future__ import annotations

import hashlib
import re

_HEAD = re.compile(rb"\n\r?\n")
_FIELDS = re.compile(rb"\n(?![ \t])")
_MAX_HEAD = 1_000_000  # beyond, fields are taken as they stand
# Written by the servers on the way; what the sender wrote is all the rest.
_TRACE = frozenset(
    {
        b"received", b"return-path", b"delivered-to", b"x-original-to", b"x-received", b"received-spf",
        b"authentication-results",
    }
)  # fmt: skip


def digest(data: bytes) -> bytes:
    """SHA-256 of a mail without its trace fields, whatever ends its lines."""
    found = _HEAD.search(data)
    head, body = (data[: found.start()], data[found.end() :]) if found else (data, b"")
    lines = _one_line_end(head).rstrip(b"\n")
    fields = _FIELDS.split(lines[:_MAX_HEAD])
    kept = [field for field in fields if field.partition(b":")[0].strip().lower() not in _TRACE]
    total = hashlib.sha256(b"\n".join(kept) + lines[_MAX_HEAD:])
    total.update(b"\n\n" + _one_line_end(body).rstrip(b"\n"))
    return total.digest()


def _one_line_end(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
