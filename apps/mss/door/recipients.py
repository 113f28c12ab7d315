"""Whose box an address is, and what the door says when there is none (MSS-10 to MSS-13, MSS-70, decisions 23)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.accounts.ins import control_key
from apps.accounts.models import InsIdentity
from apps.mss.addresses import AddressFault, PatientAddressError, number_of
from apps.mss.door.answers import Answer
from apps.spaces.models import HealthSpace
from apps.spaces.perimeter import Service

FIRST_DIGITS = frozenset("12378")  # MSS-10 [memory]
_Status = HealthSpace.Status
_OPPOSED = HealthSpace.ClosureReason.LATE_OPPOSITION


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`space_id` is the box that takes the message; None with every refusal."""

    answer: Answer
    space_id: UUID | None = None


def verdict_of(address: str) -> Verdict:
    """Answer for one recipient: one statement whatever the case, none for what is no address of a patient.

    Former numbers reach the same box (MSS-12); the present one of somebody else goes before.
    """
    try:
        number, key = number_of(address)
    except PatientAddressError as error:
        wrong = Answer.OTHER_DOMAIN if error.fault is AddressFault.DOMAIN else Answer.MALFORMED
        return Verdict(answer=wrong)
    if number[0] not in FIRST_DIGITS or key != control_key(number):
        return Verdict(answer=Answer.MALFORMED)
    rows = InsIdentity.objects.with_number(number).values_list(
        "ins_number", "space__id", "space__status", "space__closure_reason", "space__services"
    )
    found = sorted(rows.order_by(), key=lambda row: row[0] != number)
    return _judge(*found[0][1:]) if found else Verdict(answer=Answer.NO_BOX)


def _judge(space_id: UUID | None, status: str, reason: str, services: list[str] | None) -> Verdict:
    """A space without the mailbox among its services has none; an erased one leaves nothing to tell of."""
    if space_id is None or status == _Status.DELETED or reason == _OPPOSED or Service.MAILBOX not in (services or ()):
        return Verdict(answer=Answer.NO_BOX)
    if status == _Status.CLOSED:
        return Verdict(answer=Answer.CLOSED)
    if status == _Status.SUSPENDED:
        return Verdict(answer=Answer.SUSPENDED)
    return Verdict(answer=Answer.RECIPIENT_OK, space_id=space_id)
