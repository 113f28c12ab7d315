"""How the browser's process is cut off: no network, nobody else's processes, where the machine allows it (STO-112)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache

_SECONDS = 5
_ALONE = ("--net", "--pid", "--fork", "--kill-child", "--mount-proc")  # all of it ends with the first process


@cache
def wrapper() -> tuple[str, ...]:
    """What stands before the command: the strictest that works here, nothing where no namespace may be made."""
    unshare, true = shutil.which("unshare"), shutil.which("true")
    if unshare is None or true is None:
        return ()
    return next((command for command in _commands(unshare) if _works(*command, true)), ())


def _commands(unshare: str) -> Iterator[tuple[str, ...]]:
    """As anybody a namespace of users comes first; the user stays the same, or Chromium would miss its own sandbox."""
    user = () if os.geteuid() == 0 else ("--map-current-user",)
    yield (unshare, *user, *_ALONE)
    yield (unshare, *user, "--net")


def _works(*command: str) -> bool:
    try:
        done = subprocess.run(command, env={}, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603  fixed words
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
