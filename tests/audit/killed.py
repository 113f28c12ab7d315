"""Run as `python -m tests.audit.killed DATABASE HEADS TIMES SEED`: sealers that die at any moment, one after the other.

A process of its own, because each sealer is a fork, which the many threads of a test run would not survive.
"""

from __future__ import annotations

import os
import random
import signal
import sys

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone


def main(database: str, heads: str, times: int, seed: int) -> int:
    """How many of the sealers were killed before they had done."""
    connection.settings_dict["NAME"] = database
    settings.AUDIT_HEADS_DIR = heads
    moments = random.Random(seed)
    return sum(_dies(moments.uniform(0.002, 0.06)) for _ in range(times))


def _dies(seconds: float) -> bool:
    from apps.audit import jobs  # noqa: PLC0415  the apps are loaded by then

    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody handles the signal: the process is gone at once
        jobs.seal(at=timezone.now(), batch=3, batches=40)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(str(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
