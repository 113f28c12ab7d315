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
from apps.audit.services import Line, record
from apps.common.failpoints import reach
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
    OutgoingMail.objects.create(
        space_id=space_id,
        kind=OutgoingMail.Kind.RECEIPT,
        key=f"receipt:{message.id}",
        address=message.receipt_to,
        rfc_message_id=f"{secrets.token_hex(16)}@{settings.MSS_PATIENT_DOMAIN}",
        about_id=message.id,
        written_at=at,
        due_at=at,
    )
    line = Line(action="mss.receipt.queue", target=f"message:{message.id}", scope_id=space_id, actor_id=ACTOR)
    record(actor=SYSTEM, at=at, line=line)
    reach("mss.receipt.before_commit")
    return True
