"""Messages become rows before the door says 250 (REL-02): many in one transaction, each sealed and with its boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.common.failpoints import reach
from apps.common.ids import uuid7
from apps.formats.mail.digest import digest
from apps.mss.models import Arrival, ArrivalAddress
from apps.mss.sealing import Seals


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What stood between DATA and the dot, with its envelope. `peer`: subject of the certificate that connected."""

    sender: str = field(repr=False)
    peer: str
    space_ids: tuple[UUID, ...]
    data: bytes = field(repr=False)
    received_at: datetime


def accept(deliveries: Sequence[Delivery]) -> list[UUID]:
    """Keep them all, or none; ids of the arrivals. A message handed in twice is kept twice and filed once (S19).

    Raises `DatabaseError`, `MasterKeyMissingError`, `WrongMasterKeyError`: nothing was kept.
    """
    with transaction.atomic():
        seals = Seals()
        arrivals = [_arrival(each, seals) for each in deliveries]
        Arrival.objects.bulk_create(arrivals)
        ArrivalAddress.objects.bulk_create(
            ArrivalAddress(arrival=arrival, space_id=space_id)
            for arrival, each in zip(arrivals, deliveries, strict=True)
            for space_id in dict.fromkeys(each.space_ids)
        )
        reach("mss.door.before_commit")
    reach("mss.door.after_commit")
    return [arrival.id for arrival in arrivals]


def _arrival(delivery: Delivery, seals: Seals) -> Arrival:
    row_id = uuid7()
    return Arrival(
        id=row_id,
        received_at=delivery.received_at,
        due_at=delivery.received_at,
        peer=delivery.peer[:255],
        sender=delivery.sender[:320],
        size=len(delivery.data),
        digest=digest(delivery.data).hex(),
        sealed=seals.seal(delivery.data, row_id=row_id),
    )
