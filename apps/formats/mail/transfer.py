"""Contents out of their transfer encoding, as far as they go."""

from __future__ import annotations

import binascii
import re

_BASE64 = "base64"
_QUOTED = "quoted-printable"
_PLAIN = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit"})
_TOKEN = re.compile(r"[a-z0-9-]*")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_GROUP = 4


def encoding_of(value: str) -> str:
    """The word of a Content-Transfer-Encoding, without comments and the like."""
    found = _TOKEN.match(value.strip().lower())
    return found[0] if found else ""


def is_known(encoding: str) -> bool:
    """Whether `decode` reads it."""
    return encoding in _PLAIN or encoding in {_BASE64, _QUOTED}


def decode(content: memoryview, encoding: str) -> tuple[bytes, bool]:
    """The bytes and whether they are whole. An unknown encoding leaves them as they stand. Never raises."""
    if encoding == _QUOTED:
        return binascii.a2b_qp(content), True
    if encoding != _BASE64:
        return bytes(content), True
    try:
        return binascii.a2b_base64(content), True
    except binascii.Error:
        return _as_far_as_it_goes(bytes(content)), False


def _as_far_as_it_goes(content: bytes) -> bytes:
    letters = content.translate(None, _NOT_BASE64)
    if len(letters) % _GROUP == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % _GROUP))
