"""The process that owns the engines of a checkout: starts them for the first user, stops them after the last.

Commands come and go and may be killed; none of them owns the engines, so none takes them away from another.
Run as `python -m ens_portal.engines.keeper STATE_DIRECTORY` by `session`, never by hand.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ens_portal.engines import locks, postgres, roles, valkey
from ens_portal.engines.layout import layout_of
from ens_portal.engines.process import EngineError

if TYPE_CHECKING:
    from types import FrameType

    from ens_portal.engines.layout import Layout
    from ens_portal.engines.process import Running

WATCH_SECONDS = 0.05
OLD_ENGINES_SECONDS = 120.0


class KeeperStoppedError(Exception):
    """Somebody asked the keeper to end."""


def main(state: Path) -> int:
    """Keep engines until nobody holds the `users` lock. Exit code 1: they did not start, or one of them ended."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    layout = layout_of(state)
    with ExitStack() as held:
        keeper = held.enter_context(locks.opened(layout.keeper_lock))
        users = held.enter_context(locks.opened(layout.users_lock))
        engines = held.enter_context(locks.opened(layout.engines_lock))
        try:
            locks.wait_exclusive(keeper, seconds=OLD_ENGINES_SECONDS, what="another starter of the engines")
            # Inherited by the engines: once taken, no process of an earlier start is left.
            locks.wait_exclusive(engines, seconds=OLD_ENGINES_SECONDS, what="engines of an earlier start to end")
            return _keep(layout, users=users, lock=engines)
        except EngineError as error:
            sys.stderr.write(f"{error}\n")
            return 1


def _keep(layout: Layout, *, users: int, lock: int) -> int:
    """Start, announce, watch, stop. Stopping goes backwards and happens on every way out."""
    with ExitStack() as running:
        try:
            database = postgres.start(postgres.PostgresStart(layout=layout, lock=lock))
            running.callback(database.stop)
            roles.ensure(str(layout.run))
            broker = valkey.start(layout=layout, lock=lock)
            running.callback(broker.stop)
            running.callback(lambda: layout.ready_mark.unlink(missing_ok=True))
            layout.ready_mark.write_text(f"{os.getpid()}\n", encoding="ascii")
            return _watch(users, [database, broker])
        except KeeperStoppedError:
            return 0


def _watch(users: int, engines: list[Running]) -> int:
    while all(engine.is_alive for engine in engines):
        if locks.try_exclusive(users):  # kept until the end: newcomers wait until everything is stopped
            return 0
        time.sleep(WATCH_SECONDS)
    ended = ", ".join(engine.launch.name for engine in engines if not engine.is_alive)
    msg = f"{ended} ended unexpectedly."
    raise EngineError(msg)


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeeperStoppedError


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
