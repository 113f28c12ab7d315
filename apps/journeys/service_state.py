"""State of the service for P-01 and OK-01: really looked at, at most every 30 seconds in a process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.common import health
from apps.common.health import Part

SECONDS = 30
# What people know of each part: (it works, it does not).
_WORDS: dict[Part, tuple[Promise, Promise]] = {
    Part.DATABASE: (
        _("Reading and changing your space: works"),
        _("Reading and changing your space: does not answer. Public pages and help still work."),
    ),
    Part.BROKER: (
        _("Documents that arrive, checks, mails to you: work"),
        _("Documents that arrive, checks, mails to you: late. They will be made up for, nothing is lost."),
    ),
    Part.MIGRATIONS: (
        _("Version of the service: complete"),
        _("Version of the service: being changed. It takes a few minutes."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """One line of OK-01."""

    works: bool
    words: Promise

    @property
    def icon(self) -> str:
        return "checkbox-circle-line" if self.works else "error-warning-line"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """`checked_at`: start of the half minute in which the answer was asked for."""

    checked_at: datetime
    missing: frozenset[Part]

    @property
    def works(self) -> bool:
        return not self.missing

    @property
    def parts(self) -> list[PartState]:
        """Each part in words, in the order of `Part`."""
        return [PartState(works=part not in self.missing, words=_WORDS[part][part in self.missing]) for part in Part]


def service_state(*, at: datetime) -> ServiceState:
    """Whether database, broker and tables are there (same checks as `/-/pret`); asks no more than twice a minute."""
    return _looked_at(int(at.timestamp()) // SECONDS)


@lru_cache(maxsize=1)
def _looked_at(half_minute: int) -> ServiceState:
    checked_at = datetime.fromtimestamp(half_minute * SECONDS, tz=UTC)
    return ServiceState(checked_at=checked_at, missing=health.missing_parts())
