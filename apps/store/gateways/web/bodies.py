"""The body of an answer: cut at a number of bytes on the line, and again when it is unpacked (decisions 24)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from apps.store.gateways.web.base import Reason, UnreachableError
from apps.store.gateways.web.deadlines import Limits

_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
ACCEPTED = "gzip, deflate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What was taken of a body, and whether there was more."""

    content: bytes
    is_cut: bool


def read_body(parts: Iterable[bytes], *, encoding: str, limits: Limits) -> Body:
    """What comes, up to the limit, unpacked. Raises `UnreachableError` (`broken`) for packings nobody asked for."""
    name = encoding.strip().lower()
    if name not in {"", "identity", *_WINDOWS}:
        raise UnreachableError(Reason.BROKEN, "content-encoding")
    sent = _taken(parts, limits.body)
    is_packed = name in _WINDOWS and sent.content
    return _unpacked(sent, _WINDOWS[name], limits.unpacked) if is_packed else sent


def _taken(parts: Iterable[bytes], most: int) -> Body:
    taken = bytearray()
    for part in parts:
        taken += part[: most + 1 - len(taken)]
        if len(taken) > most:
            return Body(content=bytes(taken[:most]), is_cut=True)
    return Body(content=bytes(taken), is_cut=False)


def _unpacked(sent: Body, window: int, most: int) -> Body:
    unpacker = zlib.decompressobj(_raw_or(window, sent.content))
    try:
        content = unpacker.decompress(sent.content, most + 1)
    except zlib.error as error:
        raise UnreachableError(Reason.BROKEN, "content-encoding") from error
    is_whole = unpacker.eof and not sent.is_cut and len(content) <= most
    return Body(content=content[:most], is_cut=not is_whole)


def _raw_or(window: int, sent: bytes) -> int:
    """Some servers call `deflate` what has no header of zlib (RFC 9110, 8.4.1.2)."""
    has_header = len(sent) > 1 and sent[0] & 15 == zlib.DEFLATED and (sent[0] << 8 | sent[1]) % 31 == 0
    return -zlib.MAX_WBITS if window == zlib.MAX_WBITS and not has_header else window
