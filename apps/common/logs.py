"""What a log line may hold: allowed keys, and no identifier of a person inside their values (SEC-22)."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

ALLOWED_KEYS = frozenset(
    {
        "event", "level", "logger", "timestamp", "exception", "process", "port", "name",
        "request_id", "correlation_id", "task_id", "parent_task_id", "task", "method", "url_name",
        "code", "status", "duration_ms", "count", "rate", "line", "step", "state", "reason", "attempt",
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


def mask(value: str) -> str:
    """The same text with every number of a person, address and row id replaced by `…`."""
    for pattern in _IDENTIFIERS:
        value = pattern.sub("…", value)
    return value


def keep_allowed_keys(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401  structlog's signature
    """Drop every key that is not on the list; structlog's own keys (leading underscore) pass."""
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS or key.startswith("_")}


def mask_identifiers(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401  structlog's signature
    """Mask identifiers inside text values, the event and the traceback included."""
    free = {"request_id", "correlation_id", "task_id", "parent_task_id", "timestamp"}
    return {key: mask(value) if isinstance(value, str) and key not in free else value for key, value in event.items()}
