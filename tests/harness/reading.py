"""Guard: a request of a safe method reads (SEC-14). It may add to the trail, keep its session and count a reading."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Answers of identity providers come back by GET and open a session; exempt by name of URL.
EXEMPT_NAMES = frozenset({"accounts:fc_callback"})

_READS = re.compile(
    r"(?:SELECT|SHOW|SET|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|DECLARE|FETCH|CLOSE|EXPLAIN)\b",
    re.IGNORECASE,
)
_ALLOWED_WRITES = (
    re.compile(r'INSERT INTO "audit_auditevent" '),
    re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(?:django_session|accounts_signinsession)"'),
    re.compile(r'UPDATE "files_storedfile" SET "read_count" = \("files_storedfile"."read_count" \+ %s\) WHERE '),
    re.compile(r'(?:INSERT INTO|UPDATE) "\w+_readmark"'),
    re.compile(r'UPDATE "notifications_notice" SET "read_at" = %s WHERE '),  # the read mark of a notice
    # Opening a conversation marks it read (MSS-35, M-02): the mark, and the count that follows from it.
    re.compile(r'UPDATE "mss_message" SET "read_at" = %s WHERE '),
    re.compile(r'UPDATE "mss_thread" SET "unread" = %s WHERE '),
    # The thread of a dossier is marked read, the first reading of a decision is kept (PU-09, PU-10).
    re.compile(r'UPDATE "store_message" SET "read_at" = %s WHERE '),
    re.compile(r'UPDATE "store_decision" SET "first_read_at" = %s WHERE '),
)


class WriteInReadError(AssertionError):
    """A GET changed a row; the message holds the statement, without its values."""


def is_reading(statement: str) -> bool:
    """True for statements that a safe request may execute."""
    text = statement.strip().lstrip("(")
    return _READS.match(text) is not None or any(pattern.match(text) for pattern in _ALLOWED_WRITES)


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001  Django's signature
    """Wrapper for `connection.execute_wrapper`."""
    statement = sql if isinstance(sql, str) else str(sql)
    if not is_reading(statement):
        raise WriteInReadError(statement[:300])
    return execute(sql, params, many, context)
