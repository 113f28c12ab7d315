"""How the portal and its child speak: frames of a length and bytes over two pipes, no pickle."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">I")
MAX_FRAME = 64_000_000
MAX_PAYLOADS = 4
READY = "ready"  # fact of the first message of a child: it is locked in, and has read nothing of the file


class FrameError(Exception):
    """The other side ended early or says something that is no message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Facts (JSON) and up to four payloads (bytes)."""

    facts: dict[str, Any]
    payloads: tuple[bytes, ...] = ()


def send(stream: BinaryIO, message: Message) -> None:
    """Write one message; raises `BrokenPipeError` when nobody reads any more."""
    head = json.dumps({**message.facts, "payloads": len(message.payloads)}).encode()
    for part in (head, *message.payloads):
        stream.write(_LENGTH.pack(len(part)))
        stream.write(part)
    stream.flush()


def receive(stream: BinaryIO) -> Message:
    """Read one message. Raises `FrameError`; what it holds is still to be checked."""
    try:
        facts = json.loads(_frame(stream))
    except (ValueError, RecursionError) as error:
        raise FrameError from error
    count = facts.pop("payloads", None) if isinstance(facts, dict) else None
    if not isinstance(count, int) or not 0 <= count <= MAX_PAYLOADS:
        raise FrameError
    return Message(facts=facts, payloads=tuple(_frame(stream) for _ in range(count)))


def _frame(stream: BinaryIO) -> bytes:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise FrameError
    (length,) = _LENGTH.unpack(head)
    if length > MAX_FRAME:
        raise FrameError
    data = stream.read(length)
    if len(data) < length:
        raise FrameError
    return data
