"""JSON of strangers: its depth is looked at before it is read (SEC-32)."""

from __future__ import annotations

import json
import re

MAX_DEPTH = 40
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
_OPENING = b"[{"


class UnreadableJsonError(ValueError):
    """The bytes are no JSON object that we read."""


def read_object(data: bytes) -> dict[str, object]:
    """The object. Raises `UnreadableJsonError`."""
    if _depth(data) > MAX_DEPTH:
        msg = f"more than {MAX_DEPTH} levels"
        raise UnreadableJsonError(msg)
    try:
        value = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnreadableJsonError(str(error)[:80]) from error
    if not isinstance(value, dict):
        msg = "no object"
        raise UnreadableJsonError(msg)
    return value


def _depth(data: bytes) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(_STRINGS.sub(b"", data)):
        depth += 1 if bracket[0] in _OPENING else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse(constant: str) -> float:
    msg = f"{constant} is no number of JSON"
    raise UnreadableJsonError(msg)
