"""Run as `python -m tests.audit.killed DATABASE HEADS TIMES SEED`: sealers that die at any moment, one after the other.

A process of its own, because each sealer is a fork, which the many threads of a test run would not survive.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone

SHORTEST = 0.005


def main(database: str, heads: str, times: int, seed: int) -> int:
    """How many of the sealers were killed before they had done: `times`, unless this machine is out of reach.

    The moments follow the machine: they are drawn from the time that the last whole run took, and a little more.
    """
    connection.settings_dict["NAME"] = database
    settings.AUDIT_HEADS_DIR = heads
    draw = random.Random(seed)
    whole, started, killed = _lives(None), 1, 0
    while killed < times and started < times * 10:
        took = _lives(draw.uniform(0.02, 1.2) * (whole or SHORTEST))
        started, killed = started + 1, killed + (took is None)
        whole = took or whole
    return killed


def _lives(seconds: float | None) -> float | None:
    """Seconds of a sealer that had its turn, zero of one that found another at work; None for one that was killed."""
    from apps.audit import jobs  # noqa: PLC0415  the apps are loaded by then

    start = time.monotonic()
    child = os.fork()
    if child == 0:
        if seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody handles the signal: the process is gone at once
        os._exit(int(jobs.seal(at=timezone.now(), batch=3, batches=10).busy))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    return 0.0 if os.WEXITSTATUS(status) else time.monotonic() - start


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(str(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
