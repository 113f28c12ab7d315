"""One import or opening at a time: a lock of the database, which lets go when its process dies (S27, ROL-21)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_KEY = 0x656E73_01  # "ens", 1: any number that nothing else in this database uses


class RolloutBusyError(Exception):
    """Another import or opening is at work."""


@contextmanager
def alone(*, wait: bool) -> Iterator[None]:
    """Hold the lock of the roll-out for the block.

    Raises `RolloutBusyError` at once when somebody else has it and `wait` is false.
    """
    with connection.cursor() as cursor:
        if wait:
            # The two seconds that other statements may wait for a lock are too few here.
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")
            cursor.execute("SELECT pg_advisory_lock(%s)", [_KEY])
            cursor.execute("RESET lock_timeout")
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_KEY])
            if not cursor.fetchone()[0]:
                raise RolloutBusyError
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_KEY])
