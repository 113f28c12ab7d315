"""State of the service, as the public home tells it: really looked at, at most every 30 seconds in a process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from apps.common import health

SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """`checked_at`: start of the half minute in which the answer was asked for."""

    works: bool
    checked_at: datetime


def service_state(*, at: datetime) -> ServiceState:
    """Whether database, broker and tables are there (same checks as `/-/pret`); asks no more than twice a minute."""
    return _looked_at(int(at.timestamp()) // SECONDS)


@lru_cache(maxsize=1)
def _looked_at(half_minute: int) -> ServiceState:
    checked_at = datetime.fromtimestamp(half_minute * SECONDS, tz=UTC)
    try:
        health.require_ready()
    except health.NotReadyError:
        return ServiceState(works=False, checked_at=checked_at)
    return ServiceState(works=True, checked_at=checked_at)
