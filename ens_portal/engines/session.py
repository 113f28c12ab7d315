"""Use of the engines of a checkout by one command.

It joins those that run or has them started; the last one out lets the keeper stop them.
"""

from __future__ import annotations

import subprocess
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
    try:
        with locks.opened(layout.users_lock) as users:
            locks.share(users)
            _ensure_running(layout)
            yield layout
    finally:
        _wait_for_stop(layout)


def are_running(layout: Layout) -> bool:
    """Whether the keeper of these engines lives and has announced them."""
    return layout.ready_mark.exists() and locks.is_held(layout.keeper_lock)


def _ensure_running(layout: Layout) -> None:
    deadline = time.monotonic() + START_SECONDS
    keeper: subprocess.Popen[bytes] | None = None
    with locks.opened(layout.start_lock) as starting:
        locks.wait_exclusive(starting, seconds=START_SECONDS, what="another command that starts the engines")
        while not are_running(layout):
            if keeper is None and not locks.is_held(layout.keeper_lock):
                layout.ready_mark.unlink(missing_ok=True)
                keeper = _spawn_keeper(layout)
            elif keeper is not None and keeper.poll() is not None:
                raise EngineError(process.tail(layout.logs / "engines.log"))
            if time.monotonic() > deadline:
                msg = f"The engines did not start within {START_SECONDS:.0f} s; see {layout.logs}."
                raise EngineError(msg)
            time.sleep(locks.POLL_SECONDS)


def _spawn_keeper(layout: Layout) -> subprocess.Popen[bytes]:
    with (layout.logs / "engines.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-m", "ens_portal.engines.keeper", str(layout.state)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=PROJECT,
            start_new_session=True,
        )


def _wait_for_stop(layout: Layout) -> None:
    """Return when the engines are down, or soon when others use them: what follows may remove or copy their data."""
    with locks.opened(layout.users_lock) as users:
        alone = locks.try_exclusive(users)
    deadline = time.monotonic() + (STOP_SECONDS if alone else OTHERS_SECONDS)
    while locks.is_held(layout.keeper_lock) and time.monotonic() < deadline:
        time.sleep(locks.POLL_SECONDS)
