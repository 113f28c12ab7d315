"""Messages become rows before the door says 250 (REL-02): many in one transaction, each sealed and with its boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.common.copying import copying
from apps.common.failpoints import reach
from apps.common.ids import uuid7
from apps.formats.mail.digest import digest
from apps.mss.models import Arrival, ArrivalAddress
from apps.mss.sealing import Seals

# A statement with values inside it would hold each message five times over, in hexadecimal signs.
_TYPES = {
    "id": "uuid", "state": "varchar", "received_at": "timestamptz", "due_at": "timestamptz", "peer": "varchar",
    "sender": "varchar", "size": "int4", "digest": "varchar", "sealed": "bytea", "attempts": "int2",
    "problem": "varchar",
}  # fmt: skip
_ARRIVALS = f"COPY {Arrival._meta.db_table} ({', '.join(_TYPES)}) FROM STDIN (FORMAT BINARY)"
_ADDRESSES = f"COPY {ArrivalAddress._meta.db_table} (id, arrival_id, space_id) FROM STDIN (FORMAT BINARY)"


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
    ids = [uuid7() for _ in deliveries]
    pairs = list(zip(ids, deliveries, strict=True))
    with transaction.atomic():
        seals = Seals()
        with copying(_ARRIVALS) as copy:
            copy.set_types(list(_TYPES.values()))
            for row_id, delivery in pairs:
                copy.write_row(_arrival(row_id, delivery, seals))
        with copying(_ADDRESSES) as copy:
            copy.set_types(["uuid"] * 3)
            for row_id, delivery in pairs:
                for space_id in dict.fromkeys(delivery.space_ids):
                    copy.write_row((uuid7(), row_id, space_id))
        reach("mss.door.before_commit")
    reach("mss.door.after_commit")
    return ids


def _arrival(row_id: UUID, delivery: Delivery, seals: Seals) -> tuple[object, ...]:
    """Values in the order of `_TYPES`."""
    return (
        row_id,
        Arrival.State.RECEIVED.value,
        delivery.received_at,
        delivery.received_at,
        delivery.peer[:255],
        delivery.sender[:320],
        len(delivery.data),
        digest(delivery.data).hex(),
        seals.seal(delivery.data, row_id=row_id),
        0,
        "",
    )
