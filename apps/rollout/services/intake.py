"""Choices that came by phone, by post or at a counter, entered by operators and support (RO-06, SPA-07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import InsIdentity, User
from apps.audit.services import Fact, Line, record
from apps.common.dates import PARIS, midnight
from apps.rollout import policies
from apps.rollout.codes import mac_of, read_code
from apps.rollout.jobs import claiming
from apps.rollout.models import Capacity, Channel, Claim, EligiblePerson, NoticeCode, Opposition
from apps.rollout.services import opposing, population, scans
from apps.rollout.services.acting import person_who_acts
from apps.rollout.services.wishes import Contact, Scan, Wish

HELPED = (Channel.PHONE, Channel.POST, Channel.COUNTER)
OLDEST = timedelta(days=365)


class FutureDateError(Exception):
    """Nothing is received tomorrow."""


class LongAgoError(Exception):
    """More than a year ago: a slip in the year, which would come before every opening."""


class ClaimSettledError(Exception):
    """The claim was settled meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the operator has in front of them. `received_on`: the date of effect, for a letter the day it came.

    `by`: the representative who spoke, when the register knows them. `contact`: None when no receipt is wanted.
    """

    channel: Channel
    received_on: date
    capacity: Capacity
    by: InsIdentity | None = None
    contact: Contact | None = None
    scan: bytes = b""


def find_by_code(*, actor: Actor, typed: str) -> list[EligiblePerson]:
    """The person of a code that works, however it was typed; counts as a search (SEC-20).

    Raises `TooManyPeopleError`, `AccessDeniedError`.
    """
    population.count_search(actor)
    code = read_code(typed)
    rows = NoticeCode.objects.select_related("person__identity", "person__wave")
    row = rows.filter(mac=mac_of(code), ended_at=None).first() if code is not None else None
    facts: dict[str, Fact] = {"by": "code", "found": int(row is not None)}
    record(actor=actor, at=actor.at, line=Line(action="rollout.person.search", facts=facts))
    return [row.person] if row is not None else []


@transaction.atomic
def enter_opposition(
    *, actor: Actor, person_id: UUID, entry: Entry, at: datetime, claim_id: UUID | None = None
) -> Opposition:
    """Record an opposition received by another way than the portal; it has effect from the day it was received.

    `claim_id`: the claim whose person has been found by it: whoever it may have meant is let go. Raises what
    `opposing.oppose` raises, `FutureDateError`, `LongAgoError`, `ScanRefusedError`, `ClaimSettledError`,
    `AccessDeniedError`.
    """
    claim = _waiting(claim_id) if claim_id is not None else None
    wish = _wish(actor, entry, at, scan=_scan_of(claim))
    opposition = opposing.oppose(person_id=person_id, wish=wish, at=at)
    if claim is not None:
        _settle(actor, claim, opposition, at)
    return opposition


@transaction.atomic
def enter_withdrawal(*, actor: Actor, person_id: UUID, entry: Entry, at: datetime) -> opposing.Changed:
    """Record a change of mind: the space opens within a day, unless another representative had opposed.

    Raises what `opposing.withdraw` raises, `FutureDateError`, `LongAgoError`, `AccessDeniedError`.
    """
    return opposing.withdraw(person_id=person_id, wish=_wish(actor, entry, at), at=at)


@transaction.atomic
def enter_confirmation(*, actor: Actor, person_id: UUID, entry: Entry, at: datetime) -> Opposition:
    """Record the second opposition of somebody with an older DMP (SPA-21). Raises what `opposing.confirm` raises."""
    return opposing.confirm(person_id=person_id, wish=_wish(actor, entry, at), at=at)


def _wish(actor: Actor, entry: Entry, at: datetime, scan: Scan | None = None) -> Wish:
    policies.may_run_rollout(actor).required()
    operator = User.objects.get(pk=person_who_acts(actor))
    if entry.scan:
        scan = scans.keep_scan(data=entry.scan, at=at)
    return Wish(
        channel=entry.channel,
        capacity=entry.capacity,
        received_at=received_at(entry.received_on, at=at),
        by=entry.by,
        operator=operator,
        scan=scan,
        contact=entry.contact,
    )


def received_at(day: date, *, at: datetime) -> datetime:
    """Instant of effect of what was received on a day: its beginning in Paris, now for today.

    A day of effect before the opening closes the space for good (decisions.md 8): a slip in the year must not be one.
    Raises `FutureDateError`, `LongAgoError`.
    """
    today = at.astimezone(PARIS).date()
    if day > today:
        raise FutureDateError
    if day < today - OLDEST:
        raise LongAgoError
    return at if day == today else midnight(day)


def _waiting(claim_id: UUID) -> Claim:
    claim = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id, state=Claim.State.WAITING).first()
    if claim is None:
        raise ClaimSettledError
    return claim


def _scan_of(claim: Claim | None) -> Scan | None:
    if claim is None or claim.scan_vault_id is None or claim.scan_file_id is None:
        return None
    return Scan(vault_id=claim.scan_vault_id, file_id=claim.scan_file_id)


def _settle(actor: Actor, claim: Claim, opposition: Opposition, at: datetime) -> None:
    claim.state, claim.opposition, claim.ended_at = Claim.State.FOUND, opposition, at
    claim.save(update_fields=["state", "opposition", "ended_at"])
    released = claiming.release(claim)
    facts: dict[str, Fact] = {"outcome": claim.state, "released": released}
    record(actor=actor, at=at, line=Line(action="rollout.claim.settle", target=f"claim:{claim.pk}", facts=facts))
