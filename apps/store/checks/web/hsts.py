"""The promise of a host to be asked over TLS alone (RFC 6797)."""

from __future__ import annotations

import re

LEAST_SECONDS = 15_552_000  # 180 days
_MAX_AGE = re.compile(r'max-age\s*=\s*(?:"(\d{1,12})"|(\d{1,12}))', re.IGNORECASE)


def max_age(header: str) -> int | None:
    """Seconds; None where nothing readable is promised. Only the first of several headers counts (6797, 8.1)."""
    for directive in header.partition(",")[0].split(";"):
        found = _MAX_AGE.fullmatch(directive.strip())
        if found:
            return int(found[1] or found[2])
    return None
