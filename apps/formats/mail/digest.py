"""What makes two deliveries one message (S19)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

_HEAD = re.compile(rb"\n\r?\n")
_FIELDS = re.compile(rb"\n(?![ \t])")
_PIECE = 1 << 20
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
    head = data[: found.start()] if found else data
    lines = _one_line_end(head).rstrip(b"\n")
    fields = _FIELDS.split(lines[:_MAX_HEAD])
    kept = [field for field in fields if field.partition(b":")[0].strip().lower() not in _TRACE]
    total = hashlib.sha256(b"\n".join(kept) + lines[_MAX_HEAD:])
    total.update(b"\n\n")
    for piece in _pieces(data, found.end() if found else len(data)):
        total.update(piece)
    return total.digest()


def _pieces(data: bytes, start: int) -> Iterator[bytes]:
    """The text with `\\n` at the end of its lines, without the last ones; large mails are never there twice."""
    ends, is_half = 0, False  # line ends that may be the last ones; the piece before ended inside CR LF
    for place in range(start, len(data), _PIECE):
        piece = data[place : place + _PIECE]
        lines = _one_line_end(piece[1:] if is_half and piece.startswith(b"\n") else piece)
        is_half = piece.endswith(b"\r")
        words = lines.rstrip(b"\n")
        if words:
            yield b"\n" * ends + words
            ends = 0
        ends += len(lines) - len(words)


def _one_line_end(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
