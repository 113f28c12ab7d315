"""Messages as the door leaves them: sealed, with the spaces they are for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.common.ids import uuid7
from apps.formats.mail.digest import digest
from apps.mss.jobs.filing import file_arrival
from apps.mss.models import Arrival, ArrivalAddress, Message
from apps.mss.sealing import seal
from apps.spaces.models import HealthSpace
from tests.harness.clock import NOON

SENDER = "dr.benali@medecin.mssante.example"


def letter(
    *, number: str = "m1", subject: str = "Vos analyses", text: str = "Bonjour.", fields: str = "", sender: str = SENDER
) -> bytes:
    """A plain message; `number` makes its Message-ID."""
    identified = f"Message-ID: <{number}@x.example>\r\n" if number else ""
    return (
        f"From: Dr Karim Benali <{sender}>\r\nTo: Alice <279024410999913@patient.mssante.example>\r\n{identified}"
        f"Date: Tue, 03 Feb 2026 10:15:00 +0100\r\nSubject: {subject}\r\n{fields}"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def arrive(data: bytes, *spaces: HealthSpace, at: datetime = NOON, sender: str = SENDER, **values: Any) -> Arrival:
    """What the door commits before it says 250."""
    row_id = uuid7()
    arrival = Arrival.objects.create(
        id=row_id, received_at=at, sender=sender, size=len(data), digest=digest(data).hex(),
        sealed=seal(data, row_id=row_id), due_at=at, **values,
    )  # fmt: skip
    ArrivalAddress.objects.bulk_create(ArrivalAddress(arrival=arrival, space=space) for space in spaces)
    return arrival


def receive(data: bytes, *spaces: HealthSpace, at: datetime = NOON, sender: str = SENDER) -> list[Message]:
    """Arrive and be filed: the messages of the first space, oldest first, the new one last of those of its instant.

    Where the clock stands still, ids of one instant are in no order.
    """
    known = {message.id for message in messages_of(spaces[0])}
    arrival = arrive(data, *spaces, at=at, sender=sender)
    assert file_arrival(arrival_id=arrival.id, at=at) == Arrival.State.FILED
    return sorted(messages_of(spaces[0]), key=lambda message: (message.received_at, message.id not in known))


def messages_of(space: HealthSpace) -> list[Message]:
    return list(Message.objects.filter(space_id=space.id).order_by("received_at", "id"))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def subjects(messages: Sequence[Message]) -> list[str]:
    return [message.subject for message in messages]
