"""Oppositions whose person was not found: five working days, whoever they may mean is held meanwhile (RO-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.audit.services import Fact, Line, record
from apps.common.dates import PARIS
from apps.common.workdays import add_workdays
from apps.rollout.jobs import claiming
from apps.rollout.models import Capacity, Channel, Claim
from apps.rollout.services import scans
from apps.rollout.services.acting import person_who_acts
from apps.rollout.services.intake import ClaimSettledError, received_at

DAYS = 5  # working days


class UnknownClaimError(Exception):
    """No such claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim:
    """What the writer said, and how they can be reached."""

    channel: Channel
    capacity: Capacity
    received_on: date
    family_name: str
    given_name: str
    birth_date: str  # ten characters, `00` for what is unknown
    contact: str
    post_code: str = ""
    scan: bytes = b""


@transaction.atomic
def open_claim(*, actor: Actor, new: NewClaim, at: datetime) -> Claim:
    """Put an opposition on the list of those to be found; the openings that it may concern wait.

    Raises `FutureDateError`, `LongAgoError`, `ScanRefusedError`, `AccessDeniedError`.
    """
    scan = scans.keep_scan(data=new.scan, at=at) if new.scan else None
    claim = Claim.objects.create(
        channel=new.channel,
        capacity=new.capacity,
        family_name=new.family_name,
        given_name=new.given_name,
        birth_date=new.birth_date,
        post_code=new.post_code,
        contact=new.contact,
        received_at=received_at(new.received_on, at=at),
        entered_at=at,
        entered_by_id=person_who_acts(actor),
        due_on=add_workdays(at.astimezone(PARIS).date(), DAYS),
        scan_vault_id=scan.vault_id if scan else None,
        scan_file_id=scan.file_id if scan else None,
    )
    held = claiming.hold_meant(claim)
    facts: dict[str, Fact] = {"channel": claim.channel, "held": held}
    record(actor=actor, at=at, line=Line(action="rollout.claim.open", target=f"claim:{claim.pk}", facts=facts))
    return claim


@transaction.atomic
def give_up(*, actor: Actor, claim_id: UUID, told_by: Channel, at: datetime) -> Claim:
    """Nobody was found: the writer has been told so, whoever was held is let go.

    Raises `UnknownClaimError`, `ClaimSettledError`, `AccessDeniedError`.
    """
    person_who_acts(actor)
    claim = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()
    if claim is None:
        raise UnknownClaimError
    if claim.state != Claim.State.WAITING:
        raise ClaimSettledError
    claim.state, claim.ended_at = Claim.State.GIVEN_UP, at
    claim.save(update_fields=["state", "ended_at"])
    facts: dict[str, Fact] = {"outcome": claim.state, "released": claiming.release(claim), "told_by": told_by}
    record(actor=actor, at=at, line=Line(action="rollout.claim.settle", target=f"claim:{claim.pk}", facts=facts))
    return claim
