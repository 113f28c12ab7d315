"""A child that tries what a decoder that was taken over would try; it runs locked in like the real ones."""

from __future__ import annotations

import os
import resource
import socket
import sys
from pathlib import Path

from apps.formats.sandbox.frames import Message
from apps.formats.sandbox.inside import serving

HELD = []


def _tried(action) -> str:
    try:
        action()
    except OSError as error:
        return type(error).__name__ + f" {error.errno}"
    except ValueError as error:  # a limit that may not be raised
        return type(error).__name__
    return "done"


def leak(_facts, _data):
    """What the child can see and reach, before and after it has let go of the limit of descriptors."""
    facts = {
        "environment": sorted(os.environ),
        "django": any(name.partition(".")[0] in {"django", "psycopg", "redis", "celery"} for name in sys.modules),
        "folder": os.getcwd(),  # noqa: PTH109
        "socket": _tried(lambda: socket.create_connection(("127.0.0.1", _facts["port"]), timeout=1)),
        "read": _tried(lambda: Path("/etc/passwd").read_bytes()),
        "write": _tried(lambda: Path("/tmp/ens-probe").write_bytes(b"x")),  # noqa: S108
        "fork": _tried(os.fork) if os.getuid() else "OSError",
    }
    yield Message(facts=facts)


def swap(_facts, _data):
    """Descriptors that are let go of make no room for others, and the limit cannot be raised again."""
    os.close(0)
    os.close(2)
    yield Message(
        facts={
            "read": _tried(lambda: os.open("/etc/passwd", os.O_RDONLY)),
            "socket": _tried(socket.socket),
            "more": _tried(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))),
        }
    )


def reach(_facts, _data):
    """The network without the limit of descriptors: only the name space is left."""
    yield Message(facts={"socket": _tried(lambda: socket.create_connection(("127.0.0.1", _facts["port"]), timeout=1))})


def memory(_facts, _data):
    while True:
        HELD.append(bytearray(16_000_000))
        yield Message(facts={"held": len(HELD)})


def loop(_facts, _data):
    yield Message(facts={"before": True})
    while True:
        pass


def sleep(_facts, _data):
    os.read(0, 1)
    yield Message(facts={})


def crash(_facts, _data):
    yield Message(facts={"before": True})
    os.abort()


def lie(_facts, _data):
    os.write(1, b"\xff\xff\xff\xff and no end")
    yield Message(facts={})


def nonsense(_facts, _data):
    os.write(1, b"\x00\x00\x00\x05[[[[[")
    yield Message(facts={})


def unknown_reason(_facts, _data):
    yield Message(facts={"refused": "<b>because</b>"})


if __name__ == "__main__":
    serving.CPU_SECONDS = 1
    works = (leak, swap, memory, loop, sleep, crash, lie, nonsense, unknown_reason)
    serving.serve({work.__name__: work for work in works})
