"""Who holds a notice: its code and the birth date of the person named in it (O-02, S-08, ROL-13, SEC-06)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import structlog
from django.db import transaction

from apps.access import SYSTEM
from apps.audit.services import Line, record
from apps.common import limits
from apps.common.ids import uuid7
from apps.rollout.codes import mac_of, read_code
from apps.rollout.models import EligiblePerson, NoticeCode

WEB = "rollout.web"  # who acts when nobody has signed in
EXPLAINED = timedelta(days=48)  # how long an ended code still gets an explanation (SEC-06)
FAILURES_AT_MOST = 5
LOCKED = timedelta(hours=24)
ADDRESS, EVERYBODY = "opposition_address", "opposition_everybody"
_NOBODYS_BIRTH = "0000-00-00"
State = EligiblePerson.State
OPENED = frozenset({State.OPEN, State.OPEN_ACTIVE})
logger = structlog.get_logger(__name__)


class Standing(StrEnum):
    """What a right pair is good for."""

    ACTS = "acts"
    REPLACED = "replaced"  # a newer code was sent, or this one has been used


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """The person of a code; pages show the first name, an initial and the year of birth of them, nothing else."""

    code_id: UUID
    person_id: UUID
    standing: Standing


class TooManyTriesError(Exception):
    """The address has failed too often; the other ways stay open. `retry_at`: when it is let in again."""

    def __init__(self, verdict: limits.Verdict) -> None:
        super().__init__()
        self.retry_at = verdict.retry_at


def identify(*, typed: str, birth_date: str, address: str, at: datetime) -> Identified | None:
    """The person whose notice was received, or None: wrong code, wrong date, expired and unknown look the same.

    Every try does the same work: one row is looked for and locked, one hash compared, one line of the trail written.
    `birth_date`: ten characters, `1952-06-00`. `address` of the browser, for the limits. Five wrong dates lock a code
    for 24 hours (ROL-13); a code of no use is said to be so only when both fields are right, for 48 days (SEC-06).
    Raises `TooManyTriesError`: nothing was looked up.
    """
    verdict = limits.look(keys={ADDRESS: address}, at=at)
    if not verdict.allowed:
        raise TooManyTriesError(verdict)
    found = _identify(read_code(typed) or "", birth_date, at)
    if found is None:
        limits.allow(act=ADDRESS, key=address, at=at)
        if not limits.allow(act=EVERYBODY, key="", at=at).allowed:
            logger.warning("opposition.guessing")
    return found


@transaction.atomic
def _identify(code: str, birth_date: str, at: datetime) -> Identified | None:
    row = _row(mac_of(code))
    expected = row.person.identity.birth_date if row is not None else _NOBODYS_BIRTH
    is_born_then = hmac.compare_digest(expected.encode(), birth_date.encode())
    is_locked = row is not None and row.locked_until is not None and at < row.locked_until
    right = row is not None and is_born_then and not is_locked
    _count(row, right=right, is_locked=is_locked, at=at)
    standing = standing_of(row, at=at) if row is not None and right else None
    known = f"notice-code:{row.pk}" if row is not None else ""
    facts = {"outcome": standing.value if standing else "failed"}
    line = Line(action="rollout.opposition.identify", target=known, actor_id=WEB, facts=facts)
    record(actor=SYSTEM, at=at, line=line)
    if row is None or standing is None:
        return None
    return Identified(code_id=row.pk, person_id=row.person_id, standing=standing)


def standing_of(row: NoticeCode, *, at: datetime) -> Standing | None:
    """What a code is good for now; None when nothing is said about it any more.

    It acts until the window of its person is over and the space is open: whoever comes too late, but before the
    opening, still wins over it (S28, ROL-14). `row.person` is there.
    """
    if row.ended_at is not None:
        return Standing.REPLACED if at < row.ended_at + EXPLAINED else None
    end = row.person.window_ends_at
    return Standing.ACTS if end is None or at < end + EXPLAINED else None


@transaction.atomic
def check_number(*, code_id: UUID, is_right: bool, at: datetime) -> bool:
    """Count the answer to a further question about the holder of a code; False while the code is locked (ROL-13)."""
    rows = NoticeCode.objects.select_for_update(of=("self",))
    row = rows.filter(pk=code_id).first()
    is_locked = row is not None and row.locked_until is not None and at < row.locked_until
    right = row is not None and is_right and not is_locked
    _count(row, right=right, is_locked=is_locked, at=at)
    return right


def code_of_visit(*, code_id: UUID, at: datetime) -> NoticeCode | None:
    """The code somebody has shown in this visit, when it still says something; its person and identity with it."""
    rows = NoticeCode.objects.select_related("person__identity")
    row = rows.filter(pk=code_id).first()
    return row if row is not None and standing_of(row, at=at) is not None else None


def _row(mac: bytes) -> NoticeCode | None:
    rows = NoticeCode.objects.select_related("person__identity").select_for_update(of=("self",))
    return rows.filter(mac=mac).first()


def _count(row: NoticeCode | None, *, right: bool, is_locked: bool, at: datetime) -> None:
    """Failures of a code since the last right pair or the last lock; one statement, also where there is nothing."""
    failures, locked_until = 0, None
    if row is not None and not right:
        begun = row.locked_until is None or is_locked
        failures = min(row.failures + 1, FAILURES_AT_MOST) if begun else 1
        locked_until = row.locked_until if is_locked else None
        if failures >= FAILURES_AT_MOST and not is_locked:
            locked_until = at + LOCKED
    which = NoticeCode.objects.filter(pk=row.pk if row is not None else uuid7())
    which.update(failures=failures, locked_until=locked_until)
