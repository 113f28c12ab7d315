"""Named points where a process dies on purpose: `make faults` proves that jobs survive it (security.md 8, SEC-29).

`ENS_FAILPOINTS` holds `name` or `name@3`: the process that reaches the point for the third time gets SIGKILL there, as
from a machine that loses its power. Nothing happens without it, and never in production.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

from django.conf import settings

_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Die here when the settings say so. Names are `app.job.place`, `files.rotate.before_commit`."""
    if not settings.FAILPOINTS or settings.ENS_ENV == "production":
        return
    _reached[name] += 1
    times = _reached[name]
    if f"{name}@{times}" in settings.FAILPOINTS or (times == 1 and name in settings.FAILPOINTS):
        os.kill(os.getpid(), signal.SIGKILL)
