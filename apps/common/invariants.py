"""What must hold at every moment: each app registers its checks, `manage.py check_invariants` runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Check(Protocol):
    """Counts the rows that break a rule at `at`; 0 when it holds. Reads only."""

    def __call__(self, *, at: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Name of a check, `app.statement_that_is_broken`, and how many rows break it."""

    name: str
    count: int


class DoubleNameError(Exception):
    """Two checks of one name: one of them would never run."""


_checks: dict[str, Check] = {}


def register(name: str) -> Callable[[Check], Check]:
    """Decorator of a check, in `apps/<app>/invariants.py`, which the app imports when it is ready."""

    def keep(check: Check) -> Check:
        if name in _checks:
            raise DoubleNameError(name)
        _checks[name] = check
        return check

    return keep


def names() -> list[str]:
    """Names of all checks, sorted."""
    return sorted(_checks)


def findings(*, at: datetime) -> Iterator[Finding]:
    """Result of every check, in the order of their names, each as soon as it is known."""
    for name in names():
        yield Finding(name=name, count=_checks[name](at=at))
