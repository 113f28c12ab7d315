"""Identifiers made by the application."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_MILLISECOND_NS = 1_000_000


def uuid7() -> UUID:
    """A UUID of version 7: 48 bits of Unix milliseconds, 12 bits of the part of the millisecond, 62 random bits.

    Rows made later sort later, also two of one millisecond (RFC 9562, 6.2, method 3; `uuidv7()` of PostgreSQL does
    the same), so keys stay close together on disk. The value tells the time of its making: an id of a row that
    somebody may not see must not leave the portal either (SEC-05).
    """
    milliseconds, rest = divmod(time.time_ns(), _MILLISECOND_NS)
    part = (rest << 12) // _MILLISECOND_NS
    value = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | part << 64 | 0x2 << 62 | secrets.randbits(62)
    return UUID(int=value)
