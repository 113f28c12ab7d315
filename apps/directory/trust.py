"""Whom the door of the mailbox believes: domains of the trust space MSSanté (MSS-02, MSS-03, SEC-23)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from time import monotonic
from types import MappingProxyType

import structlog
from django.conf import settings

from apps.directory.models import TrustedDomain, TrustedList

logger = structlog.get_logger(__name__)

SECONDS = 60.0  # a process knows of another list after so long at the latest


class Trust(StrEnum):
    """What the list says of a domain."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    NO_LIST = "no-list"  # never loaded, or expired: nobody is believed and nobody is refused for good


class ListState(StrEnum):
    """How the list stands. All but `CURRENT` is an alarm."""

    CURRENT = "current"
    LATE = "late"  # valid, but nobody brought a list in for a while, or it expires soon
    EXPIRED = "expired"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """State of the list, and the time until it expires: negative afterwards, nothing without a list."""

    state: ListState
    left: timedelta


@dataclass(frozen=True, slots=True)
class _Known:
    operators: MappingProxyType[str, str]
    expires_at: datetime | None
    looked_at: float


class _Memory:
    """The list as this process last read it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.known: _Known | None = None


_memory = _Memory()


def trusted(domain: str, at: datetime) -> Trust:
    """Whether mail from this domain is taken. Exactly the domain that is listed: none above it, none below it.

    At most one read of the list in a minute, else no query. The domain of patients is nobody's who may write to
    patients, listed or not.
    """
    known = _known(at)
    if known.expires_at is None or known.expires_at <= at:
        return Trust.NO_LIST
    name = _name(domain)
    is_listed = name in known.operators and name != settings.MSS_PATIENT_DOMAIN
    return Trust.TRUSTED if is_listed else Trust.UNKNOWN


def operator_of(domain: str, at: datetime) -> str:
    """Name of the certificate of the operator of a domain, as the list writes it; empty when it is not trusted."""
    return _known(at).operators.get(_name(domain), "") if trusted(domain, at) is Trust.TRUSTED else ""


def is_operator(is_name: Callable[[str], bool], at: datetime) -> Trust:
    """Whether a certificate belongs to an operator of the list: `is_name` compares one written name with it."""
    known = _known(at)
    if known.expires_at is None or known.expires_at <= at:
        return Trust.NO_LIST
    return Trust.TRUSTED if any(map(is_name, frozenset(known.operators.values()))) else Trust.UNKNOWN


def forget() -> None:
    """Read the list again at the next question."""
    _memory.known = None


def standing(at: datetime) -> Standing:
    """How the list of the database stands: for figures and alarms."""
    current = TrustedList.objects.order_by("-issued_at", "-id").first()
    if current is None:
        return Standing(state=ListState.NONE, left=timedelta())
    left, warning = current.expires_at - at, timedelta(hours=settings.MSS_TRUST_ALARM_HOURS)
    state = ListState.CURRENT
    if left <= timedelta():
        state = ListState.EXPIRED
    elif left <= warning or at - current.checked_at > warning:
        state = ListState.LATE
    return Standing(state=state, left=left)


def _known(at: datetime) -> _Known:
    known = _memory.known
    if known is not None and monotonic() - known.looked_at < SECONDS:
        return known
    with _memory.lock:
        known = _memory.known
        if known is None or monotonic() - known.looked_at >= SECONDS:
            known = _memory.known = _read(at)
    return known


def _read(at: datetime) -> _Known:
    state = standing(at).state
    if state is not ListState.CURRENT:
        logger.error("trust_list_alarm", reason=state.value)
    # One statement for both: a list that comes in meanwhile is seen whole or not at all.
    rows = TrustedDomain.objects.order_by("domain").values_list("domain", "operator", "source__expires_at")
    listed = list(rows)
    return _Known(
        operators=MappingProxyType({domain: operator for domain, operator, _ in listed}),
        expires_at=listed[0][2] if listed else None,
        looked_at=monotonic(),
    )


def _name(domain: str) -> str:
    return domain.lower().removesuffix(".")
