"""Identifiers made by the application."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_MILLISECOND_NS = 1_000_000


def uuid7() -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits.

    Rows made later sort later, so keys stay close together on disk. The value tells the time of its making:
    an id of a row that somebody may not see must not leave the portal either (SEC-05).
    """
    milliseconds = time.time_ns() // _MILLISECOND_NS
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
