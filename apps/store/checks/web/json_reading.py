"""JSON of strangers: its depth and how much it holds are looked at before it is read (SEC-32)."""

from __future__ import annotations

import json
import re

MAX_DEPTH = 40
MAX_VALUES = 50_000  # each takes about a kilobyte once a model has looked at it
# Without its closing quote too: where a string must end, each quote inside one that never does is a new search.
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
_OPENING = b"[{"


class UnreadableJsonError(ValueError):
    """The bytes are no JSON object that we read."""


class TooManyValuesError(UnreadableJsonError):
    """More than `MAX_VALUES`: that says nothing against them."""


def read_object(data: bytes) -> dict[str, object]:
    """The object. Raises `UnreadableJsonError`, `TooManyValuesError` where it holds too much."""
    bare = _STRINGS.sub(b"", data)
    if max(sum(map(bare.count, (b",", b"[", b"{"))), sum(map(bare.count, (b"]", b"}")))) > MAX_VALUES:
        raise TooManyValuesError
    if _depth(bare) > MAX_DEPTH:
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


def _depth(bare: bytes) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(bare):
        depth += 1 if bracket[0] in _OPENING else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse(constant: str) -> float:
    msg = f"{constant} is no number of JSON"
    raise UnreadableJsonError(msg)
