"""How a child is cut off on this machine: a network namespace of its own where the system allows it (decisions 19)."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

_FLAGS = ("-rn", "-n")  # as anybody (a user namespace first), as root where user namespaces are off
_SECONDS = 5


@cache
def wrapper() -> tuple[str, ...]:
    """What stands before the child's command; empty where no namespace may be made."""
    unshare, true = shutil.which("unshare"), shutil.which("true")
    if unshare is None or true is None:
        return ()
    return next(((unshare, flags) for flags in _FLAGS if _works(unshare, flags, true)), ())


def has_own_network() -> bool:
    """Whether children live in a network namespace of their own; without it only the limits keep them from sockets."""
    return bool(wrapper())


def _works(unshare: str, flags: str, true: str) -> bool:
    try:
        done = subprocess.run([unshare, flags, true], env={}, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603  fixed words
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
