"""COPY into a table, with the errors of Django: those of the driver would pass every `except DatabaseError`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import Copy


@contextmanager
def copying(statement: str) -> Iterator[Copy]:
    """A COPY … FROM STDIN for the block. Raises `django.db.DatabaseError` as other statements do."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        yield copy
