"""Throwing away what the demonstration stored."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ens_portal.engines import locks
from ens_portal.supervisor.errors import DemonstrationError

if TYPE_CHECKING:
    from pathlib import Path

    from ens_portal.engines.layout import Layout

# By name: ENS_STATE_DIR may point to a directory that holds other things.
ENGINE_PARTS = ("postgres*", "valkey*", "run")
PORTAL_PARTS = ("files", "static", "static.mark", "log", "beat*", "engines.ready", "home", "*.lock")


def reset(layout: Layout) -> None:
    """Remove databases, stored files and logs. Raises `DemonstrationError` while anything uses them."""
    if not layout.state.exists():
        return
    with locks.opened(layout.users_lock) as users, locks.opened(layout.keeper_lock) as keeper:
        if not (locks.try_exclusive(users) and locks.try_exclusive(keeper)):
            msg = f"The engines of {layout.state} are in use: stop the demonstration (Ctrl-C) and other commands first."
            raise DemonstrationError(msg)
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
