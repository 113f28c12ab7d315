"""Telling professionals that a conversation is closed (M-05)."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from apps.common.tasks import enqueue
from apps.mss import tasks
from apps.mss.models import Correspondent, Message, OutgoingMail, Thread


def boxes_to_tell(*, thread: Thread) -> list[Correspondent]:
    """Who is told of a closing: boxes that wrote in the conversation, did not end the exchange, and are not blocked."""
    writers = Message.objects.filter(
        space_id=thread.space_id, thread_id=thread.id, direction=Message.Direction.RECEIVED
    ).values("correspondent_id")
    boxes = Correspondent.objects.filter(space_id=thread.space_id, id__in=writers, blocked_at=None).order_by("id")
    return [box for box in boxes if not box.has_ended]


def queue_closing(*, thread: Thread, at: datetime) -> int:
    """Queue a notice to each box that wrote in a conversation which its holder has just closed; returns their number.

    Part of the caller's transaction, which traces the act. One notice a box and day, unless messages came between:
    nobody is told of a reopening, so who was told today knows (MSS-84). None to a box that ended the exchange itself,
    nor to one that the holder blocked, which learns nothing.
    """
    if thread.closed_at is None:
        return 0
    made = [_notice(thread, box, thread.closed_at, at) for box in boxes_to_tell(thread=thread)]
    OutgoingMail.objects.bulk_create(made, ignore_conflicts=True)
    enqueue(tasks.send_mails)
    return len(made)


def _notice(thread: Thread, box: Correspondent, closed_at: datetime, at: datetime) -> OutgoingMail:
    return OutgoingMail(
        space_id=thread.space_id,
        kind=OutgoingMail.Kind.CLOSING,
        key=f"closing:{thread.id}:{box.id}:{timezone.localdate(closed_at):%Y%m%d}:{thread.messages}",
        address=box.address,
        rfc_message_id=f"{secrets.token_hex(16)}@{settings.MSS_PATIENT_DOMAIN}",
        about_id=thread.id,
        written_at=at,
        due_at=at,
    )
