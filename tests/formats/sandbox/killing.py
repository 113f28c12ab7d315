"""Ends children of the portal from outside, as a machine does that stops or has no memory left."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread


def children() -> list[str]:
    """Ids of our own children that have not been waited for."""
    with open(f"/proc/{os.getpid()}/task/{os.getpid()}/children") as file:  # noqa: PTH123
        return [name for name in file.read().split() if _is_child_of_ours(name)]


@contextmanager
def first_child_ends_by(number: signal.Signals) -> Iterator[None]:
    """The first decoder that is seen inside gets this signal; only then may the block end.

    A run in the background of a shell, or behind nohup, has signals ignored, and children inherit that.
    """
    over = Event()
    before = signal.getsignal(number)
    if before is signal.SIG_IGN:
        signal.signal(number, lambda *_caught: None)

    def wait_and_kill() -> None:
        while not (found := children()) and not over.wait(0.005):
            continue
        for name in found:
            os.kill(int(name), number)

    thread = Thread(target=wait_and_kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        if before is signal.SIG_IGN:
            signal.signal(number, before)


def _is_child_of_ours(name: str) -> bool:
    try:
        with open(f"/proc/{name}/cmdline", "rb") as file:  # noqa: PTH123
            return b"formats.sandbox" in file.read()
    except FileNotFoundError:  # it has ended meanwhile
        return False
