"""Throwing away what the demonstration stored."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ens_portal.engines import locks
from ens_portal.engines.process import EngineError
from ens_portal.supervisor.errors import DemonstrationError

if TYPE_CHECKING:
    from pathlib import Path

    from ens_portal.engines.layout import Layout

STOPPING_SECONDS = 2.0
# By name: ENS_STATE_DIR may point to a directory that holds other things.
ENGINE_PARTS = ("postgres*", "valkey*", "run")
PORTAL_PARTS = (
    "run", "files", "static", "certificates", "audit-heads", "*.mark", "*.json", "log", "beat*", "engines.ready",
    "home", "*.lock", "candidate-site",
)  # fmt: skip


def reset(layout: Layout) -> None:
    """Remove databases, stored files and logs. Raises `DemonstrationError` while anything uses them."""
    if not layout.state.exists():
        return
    with locks.opened(layout.users_lock) as users, locks.opened(layout.keeper_lock) as keeper:
        try:
            # A command that has just ended may still be stopping its engines.
            locks.wait_exclusive(users, seconds=STOPPING_SECONDS, what="users of the engines to end")
            locks.wait_exclusive(keeper, seconds=STOPPING_SECONDS, what="the engines to stop")
        except EngineError as error:
            msg = f"The engines of {layout.state} are in use: stop the demonstration (Ctrl-C) and other commands first."
            raise DemonstrationError(msg) from error
        _remove(layout.home, ENGINE_PARTS)
        shutil.rmtree(layout.run, ignore_errors=True)
        _remove(layout.state, PORTAL_PARTS)


def _remove(folder: Path, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        for item in folder.glob(pattern):
            if item.is_dir():
                shutil.rmtree(item)
            else:
                item.unlink()
