"""Locks between the processes of one checkout; the kernel lets go of them when a process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ens_portal.engines.process import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POLL_SECONDS = 0.02


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A descriptor of the lock file; closing it lets go of the lock, unless a child process has inherited it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def try_exclusive(descriptor: int) -> bool:
    """Take the lock alone if nobody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_exclusive(descriptor: int, *, seconds: float, what: str) -> None:
    """Take the lock alone. Raises `EngineError` after `seconds`; `what` names the thing waited for."""
    deadline = time.monotonic() + seconds
    while not try_exclusive(descriptor):
        if time.monotonic() > deadline:
            msg = f"Waited {seconds:.0f} s for {what}."
            raise EngineError(msg)
        time.sleep(POLL_SECONDS)


def share(descriptor: int) -> None:
    """Take the lock together with others; waits while somebody has it alone."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def is_held(path: Path) -> bool:
    """Whether a process holds the lock alone. The question shares it for an instant: takers of such locks wait."""
    if not path.exists():
        return False
    with opened(path) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
