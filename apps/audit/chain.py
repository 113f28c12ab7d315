"""What is sealed, byte for byte: the whole line, its place and the MAC before it. No query."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.audit.keys import SealKey

FORM = 1
START = bytes(32)  # stands for the MAC before the first line
# Columns in the order of the sealed text. A new column means a new form: old seals keep theirs.
FIELDS = (
    "scope_id", "id", "at", "action", "actor_role", "actor_id", "organisation_id", "on_behalf_of", "purpose", "reason",
    "outcome", "rule", "target", "level", "request_id", "facts",
)  # fmt: skip
# `facts` as the database writes it: jsonb has one order of keys and no spare spaces.
COLUMNS = ", ".join(f"e.{name}::text" if name == "facts" else f"e.{name}" for name in FIELDS)
_LINE = b"ens-portal audit line"
_CHECKPOINT = b"ens-portal audit checkpoint"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a line in the chain of its scope."""

    seq: int
    prev: bytes
    key_version: int
    form: int = FORM


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a checkpoint says of one batch of the sealer."""

    number: int
    at: datetime
    lines: int
    total: int
    digest: bytes
    prev: bytes
    key_version: int


def mac_of_line(*, key: SealKey, place: Place, line: Sequence[Any]) -> bytes:
    """HMAC-SHA-256 over a line (values of `FIELDS`, `facts` as text) at its place."""
    scope, number, at, *texts = line
    head = [place.form, place.key_version, place.seq, scope.hex, number.hex, _instant(at)]
    return hmac.digest(key.value, _LINE + place.prev + _encode(head + texts).encode(), "sha256")


def mac_of_checkpoint(*, key: SealKey, batch: Batch) -> bytes:
    """HMAC-SHA-256 over a checkpoint and the MAC of the one before."""
    values = [batch.key_version, batch.number, _instant(batch.at), batch.lines, batch.total]
    return hmac.digest(key.value, _CHECKPOINT + batch.prev + batch.digest + _encode(values).encode(), "sha256")


def head_line(scope_id: UUID, seq: int, line_id: UUID, mac: bytes) -> str:
    """One head as it is exported, ended by a line feed."""
    return f"{scope_id} {seq} {line_id} {mac.hex()}\n"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
