"""Use of the engines of a checkout by one command.

It joins those that run or has them started; the last one out lets the keeper stop them.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ens_portal.engines import locks, process
from ens_portal.engines.layout import PROJECT, layout_of
from ens_portal.engines.process import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ens_portal.engines.layout import Layout

START_SECONDS = 300.0
STOP_SECONDS = 60.0
OTHERS_SECONDS = 0.25


@contextmanager
def engines(state: Path) -> Iterator[Layout]:
    """Hold the engines of `state` for the length of the block. Raises `EngineError` when they cannot be started.

    They outlive the block as long as another process uses them.
    """
    layout = layout_of(state)
    layout.prepare()
    keeper = None
    try:
        with locks.opened(layout.users_lock) as users:
            locks.share(users)
            keeper = _ensure_running(layout)
            yield layout
    finally:
        _wait_for_stop(layout, keeper)


def are_running(layout: Layout) -> bool:
    """Whether the keeper of these engines lives and has announced them."""
    return layout.ready_mark.exists() and locks.is_held(layout.keeper_lock)


def _ensure_running(layout: Layout) -> int | None:
    """Process number of the keeper when this process had to start it."""
    deadline = time.monotonic() + START_SECONDS
    keeper: int | None = None
    with locks.opened(layout.start_lock) as starting:
        locks.wait_exclusive(starting, seconds=START_SECONDS, what="another command that starts the engines")
        while not are_running(layout):
            if keeper is None and not locks.is_held(layout.keeper_lock):
                layout.ready_mark.unlink(missing_ok=True)
                keeper = _spawn_keeper(layout)
            elif keeper is not None and _has_ended(keeper):
                raise EngineError(process.tail(layout.logs / "engines.log"))
            if time.monotonic() > deadline:
                msg = f"The engines did not start within {START_SECONDS:.0f} s; see {layout.logs}."
                raise EngineError(msg)
            time.sleep(locks.POLL_SECONDS)
    return keeper


def _spawn_keeper(layout: Layout) -> int:
    """Start the keeper in a session of its own; it may outlive this process, so no `Popen` object waits for it."""
    log = str(layout.logs / "engines.log")
    path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "ens_portal.engines.keeper", str(layout.state)],
        os.environ | {"PYTHONPATH": path},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def _has_ended(keeper: int, *, wait: bool = False) -> bool:
    try:
        return os.waitpid(keeper, 0 if wait else os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return True


def _wait_for_stop(layout: Layout, keeper: int | None) -> None:
    """Return when the engines are down, or soon when others use them: what follows may remove or copy their data."""
    with locks.opened(layout.users_lock) as users:
        alone = locks.try_exclusive(users)
    deadline = time.monotonic() + (STOP_SECONDS if alone else OTHERS_SECONDS)
    while locks.is_held(layout.keeper_lock) and time.monotonic() < deadline:
        time.sleep(locks.POLL_SECONDS)
    if keeper is not None:
        _has_ended(keeper, wait=not locks.is_held(layout.keeper_lock))
