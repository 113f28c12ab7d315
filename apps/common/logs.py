"""What a log line may hold: allowed keys, and no identifier of a person inside their values (SEC-22)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, MutableMapping
from traceback import walk_tb
from typing import Any

ALLOWED_KEYS = frozenset(
    {
        "event", "level", "logger", "timestamp", "exception", "process", "port", "name",
        "request_id", "correlation_id", "task_id", "parent_task_id", "task", "method", "url_name",
        "code", "status", "duration_ms", "count", "rate", "line", "step", "state", "reason", "attempt",
        "domain", "recipient",  # of a refusal at the door: domain of the sender, keyed hash of the address (MSS-73)
    }
)  # fmt: skip
# Fifteen characters of an INS with or without its key (2A/2B), eleven or twelve digits of RPPS, UUIDs of spaces in
# paths, mail addresses.
_IDENTIFIERS = (
    re.compile(r"(?<!\d)[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:2[ABab]|\d{2})\d{6}(?:\d{2})?(?!\d)"),
    re.compile(r"(?<!\d)[08]?1\d{10}(?!\d)"),
    re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE),
    re.compile(r"\b[\w.+-]+@[\w.-]+\.\w+\b"),
)
_REFUSERS = ("django.request", "django.security")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_SHORT = 3  # a text this short is no message; replacing it would spoil the event


def mask(value: str) -> str:
    """The same text with every number of a person, address and row id replaced by `…`."""
    for pattern in _IDENTIFIERS:
        value = pattern.sub("…", value)
    return value


def describe_exceptions(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401  structlog's signature
    """Put types and places of the exception under `exception`, never its words nor values.

    Messages of libraries hold whole rows (`Failing row contains (…)`), keys and pieces of documents: no pattern finds
    a name or a title in them. Where the event itself repeats such a message (Celery does), the type stands for it.
    """
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if not isinstance(error, BaseException):
        return event
    chain = list(_chain(error))
    event["exception"] = "\n".join(line for one in reversed(chain) for line in _description(one))
    said = str(event.get("event", ""))
    for one in chain:
        for text in (repr(one), str(one)):
            said = said.replace(text, type(one).__name__) if len(text) > _SHORT else said
    event["event"] = said
    return event


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and those behind it, the last one first."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _description(error: BaseException) -> Iterator[str]:
    """Places from the outermost call to the innermost, then the type with the code of the database, if any."""
    for frame, line in walk_tb(error.__traceback__):
        yield f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
    kind = type(error)
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    facts = (f"{kind.__module__}.{kind.__qualname__}", getattr(error, "sqlstate", None), constraint)
    yield " ".join(str(fact) for fact in facts if fact)


def name_refusals(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401  structlog's signature
    """Django tells of a request that it refused with its address, host or method: whatever somebody typed there.

    The status stands for it; the name of the logger says what was refused (`django.security.DisallowedHost`).
    """
    record = event.get("_record")
    if record is not None and record.name.startswith(_REFUSERS):
        event["event"] = "request_refused"
        event["code"] = getattr(record, "status_code", None)
    if str(event.get("method", "GET")) not in _METHODS:
        event["method"] = "other"
    return event


def keep_allowed_keys(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401  structlog's signature
    """Drop every key that is not on the list; structlog's own keys (leading underscore) pass."""
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS or key.startswith("_")}


def mask_identifiers(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401  structlog's signature
    """Mask identifiers inside text values, the event and the traceback included."""
    free = {"request_id", "correlation_id", "task_id", "parent_task_id", "timestamp"}
    return {key: mask(value) if isinstance(value, str) and key not in free else value for key, value in event.items()}
