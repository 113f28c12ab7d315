"""Whose box an address is, and what the door says when there is none (MSS-10 to MSS-13, MSS-70, decisions 23)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from apps.accounts.ins import control_key
from apps.accounts.models import InsIdentity
from apps.mss.addresses import AddressFault, PatientAddressError, number_of
from apps.mss.door.answers import Answer
from apps.mss.quota import Uses
from apps.spaces.models import HealthSpace
from apps.spaces.perimeter import Service

FIRST_DIGITS = frozenset("12378")  # MSS-10 [memory]
_ANY = "0" * 13
_Row = tuple[str, UUID | None, str, str, list[str] | None]
_Status = HealthSpace.Status
_OPPOSED = HealthSpace.ClosureReason.LATE_OPPOSITION


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`space_id` is the box that takes the message; None with every refusal."""

    answer: Answer
    space_id: UUID | None = None


def verdict_of(address: str, uses: Uses) -> Verdict:
    """Answer for one recipient: one statement whatever the case, none for what is no address of a patient.

    Former numbers reach the same box (MSS-12); the present one of somebody else goes before. How full a box is, is
    asked of those alone that take mail: the time of the other answers says nothing of a space (MSS-70).
    """
    try:
        number, key = number_of(address)
    except PatientAddressError as error:
        wrong = Answer.OTHER_DOMAIN if error.fault is AddressFault.DOMAIN else Answer.MALFORMED
        return Verdict(answer=wrong)
    if number[0] not in FIRST_DIGITS or key != control_key(number):
        return Verdict(answer=Answer.MALFORMED)
    found = sorted(_rows(number), key=lambda row: row[0] != number)
    return _judge(uses, *found[0][1:]) if found else Verdict(answer=Answer.NO_BOX)


def _rows(number: str) -> list[_Row]:
    sql, values = _statement()
    with connection.cursor() as cursor:
        cursor.execute(sql, [number if value == _ANY else value for value in values])
        rows: list[_Row] = cursor.fetchall()
        return rows


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The statement for a number that is nobody's, composed once: composing it costs more than asking it."""
    rows = InsIdentity.objects.with_number(_ANY).values_list(
        "ins_number", "space__id", "space__status", "space__closure_reason", "space__services"
    )
    return rows.order_by().query.sql_with_params()


def _judge(uses: Uses, space_id: UUID | None, status: str, reason: str, services: list[str] | None) -> Verdict:
    """A space without the mailbox among its services has none; an erased one leaves nothing to tell of."""
    if space_id is None or status == _Status.DELETED or reason == _OPPOSED or Service.MAILBOX not in (services or ()):
        return Verdict(answer=Answer.NO_BOX)
    if status == _Status.CLOSED:
        return Verdict(answer=Answer.CLOSED)
    if status == _Status.SUSPENDED:
        return Verdict(answer=Answer.SUSPENDED)
    if uses.is_full(space_id):
        return Verdict(answer=Answer.BOX_FULL)
    return Verdict(answer=Answer.RECIPIENT_OK, space_id=space_id)
