"""How long and how much one question to the web may take (decisions 24)."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

from apps.store.gateways.web.base import Reason, UnreachableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for one name, one connection and everything together, bytes as sent and as unpacked, redirects."""

    names: float = 5.0
    connect: float = 3.0
    total: float = 20.0
    body: int = 2_000_000
    unpacked: int = 10_000_000
    redirects: int = 3


@dataclass(slots=True, kw_only=True)
class Deadline:
    """One clock for names, connections, redirects and slow answers of one question; it never starts again."""

    seconds: float
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = monotonic() + self.seconds

    def left(self, *, most: float | None = None) -> float:
        """Seconds that the next wait may last. Raises `UnreachableError` (`timeout`) when there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise UnreachableError(Reason.TIMEOUT)
        return left if most is None else min(left, most)
