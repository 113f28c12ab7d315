"""Read receipts that are due: one a message, after it was opened, whoever of the holder's side opened it (MSS-60..62).

Opening a page only reads; what it owes to others is found here by the read mark.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.access import SYSTEM
from apps.audit.services import Fact, Line, record
from apps.common.failpoints import reach
from apps.mss.mails.notices import READ, REJECTION
from apps.mss.models import Message, OutgoingMail

AT_MOST = 500
ACTOR = "mss.receipt"


def queue_due(*, at: datetime, at_most: int = AT_MOST) -> int:
    """Queue a receipt for each message that was read and asked for one; returns their number."""
    rows = Message.objects.filter(
        direction=Message.Direction.RECEIVED, wants_receipt=True, receipt_at=None, read_at__isnull=False
    )
    keys = rows.order_by("read_at", "id").values_list("space_id", "id")[:at_most]
    return sum(queue_receipt(space_id=space_id, message_id=message_id, at=at) for space_id, message_id in list(keys))


@transaction.atomic
def queue_receipt(*, space_id: UUID, message_id: UUID, at: datetime) -> bool:
    """Queue the receipt of one message that was opened, once; False when nobody waits for it, or any more.

    An end of the exchange is a line that nobody opens: it owes nothing. What somebody has marked as unread again before
    this owes nothing yet.
    """
    rows = Message.objects.select_for_update(of=("self",)).filter(space_id=space_id, id=message_id)
    message = rows.filter(wants_receipt=True, receipt_at=None, read_at__isnull=False).first()
    if message is None:
        return False
    message.receipt_at = at
    message.save(update_fields=["receipt_at"])
    if message.kind == Message.Kind.END or not message.receipt_to:
        return False
    _queue(message, READ, at)
    reach("mss.receipt.before_commit")
    return True


def queue_rejection(*, message: Message, at: datetime) -> bool:
    """Tell a software that asked that a document of its message was not taken in (MSS-71); instead of the receipt of
    reading, for there is one receipt a message. Part of the transaction of the filing.
    """
    if not message.receipt_to or message.receipt_at is not None:
        return False
    message.receipt_at = at
    message.save(update_fields=["receipt_at"])
    _queue(message, REJECTION, at)
    return True


def _queue(message: Message, what: str, at: datetime) -> None:
    OutgoingMail.objects.create(
        space_id=message.space_id,
        kind=OutgoingMail.Kind.RECEIPT,
        key=f"{what}:{message.id}",
        address=message.receipt_to,
        rfc_message_id=f"{secrets.token_hex(16)}@{settings.MSS_PATIENT_DOMAIN}",
        about_id=message.id,
        written_at=at,
        due_at=at,
    )
    facts: dict[str, Fact] = {"kind": what}
    target = f"message:{message.id}"
    line = Line(action="mss.receipt.queue", target=target, scope_id=message.space_id, actor_id=ACTOR, facts=facts)
    record(actor=SYSTEM, at=at, line=line)
