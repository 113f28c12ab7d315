"""The life of a child: lock itself in, read one request, answer, end."""

from __future__ import annotations

import codecs
import resource
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from apps.formats.sandbox.frames import READY, Message, receive, send
from apps.formats.sandbox.refusal import Reason

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 30
# Python loads an encoding at its first use; nothing can be loaded once the child is locked.
for _name in ("ascii", "cp1252", "latin-1", "utf-16", "utf-16-be", "utf-16-le", "utf-8"):
    codecs.lookup(_name)

Work = Callable[[dict[str, Any], bytes], Iterator[Message]]

# What decoders raise for bytes that are not what they should be.
_DAMAGED: tuple[type[Exception], ...] = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, OSError, EOFError, SyntaxError,
    RecursionError, AssertionError, NotImplementedError, struct.error,
)  # fmt: skip


class RefusedError(Exception):
    """The worker will not go on with this file."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def lock() -> None:
    """Give up memory, time, files, sockets and children of one's own. Everything needed is imported by now."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        # What is open stays open. A limit of 3 would let a closed pipe make room for a file or a socket.
        resource.RLIMIT_NOFILE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))  # the first is told as SIGXCPU


def serve(works: Mapping[str, Work], *, damaged: tuple[type[Exception], ...] = ()) -> None:
    """Answer the one request on standard input; `damaged` are errors of the worker's own library."""
    lock()
    out = sys.stdout.buffer
    send(out, Message(facts={READY: True}))
    request = receive(sys.stdin.buffer)
    try:
        for answer in works[request.facts["act"]](request.facts, request.payloads[0]):
            send(out, answer)
        send(out, Message(facts={"end": True}))
    except RefusedError as error:
        send(out, _refused(error.reason))
    except MemoryError:
        send(out, _refused(Reason.TOO_LARGE))
    except (*damaged, *_DAMAGED):
        send(out, _refused(Reason.DAMAGED))


def _refused(reason: Reason) -> Message:
    return Message(facts={"refused": reason.value})
