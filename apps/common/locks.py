"""Locks of the database for work that one process at a time may do; they let go when their process dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class LockTakenError(Exception):
    """Somebody else holds the lock."""


@contextmanager
def advisory_lock(key: int, *, wait: bool) -> Iterator[None]:
    """Hold the lock of `key` for the block; the session keeps it over several transactions.

    Raises `LockTakenError` at once when somebody else has it and `wait` is false.
    """
    with connection.cursor() as cursor:
        if wait:
            # The time that other statements may wait for a lock is too short here.
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
            cursor.execute("RESET lock_timeout")
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            if not cursor.fetchone()[0]:
                raise LockTakenError
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
