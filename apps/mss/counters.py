"""Counts of a conversation, kept with its messages under the lock of its row: the only writers (S46)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from apps.mss.models import Attachment, Message, Thread


def recount(*, space_id: UUID, thread_id: UUID) -> None:
    """Count anew after messages came, were read, or went; the caller holds the lock of the conversation."""
    counted = Message.objects.filter(space_id=space_id, thread_id=thread_id).aggregate(
        messages=Count("id"),
        unread=Count("id", filter=UNREAD),
        first=Min("received_at"),
        last=Max("received_at"),
    )
    if not counted["messages"]:
        return
    shown = Attachment.objects.filter(space_id=space_id, message__thread_id=thread_id, held="", parent_id=None).exists()
    Thread.objects.filter(space_id=space_id, id=thread_id).update(
        messages=counted["messages"],
        unread=counted["unread"],
        started_at=counted["first"],
        last_at=counted["last"],
        has_attachments=shown,
    )


def begin(thread: Thread, *, message: Message, has_attachments: bool) -> None:
    """Write down a new conversation with the counts of its first message."""
    thread.messages, thread.unread = 1, int(message.direction == Message.Direction.RECEIVED and message.read_at is None)
    thread.started_at = thread.last_at = message.received_at
    thread.has_attachments = has_attachments
    thread.save(force_insert=True)


def locked(*, space_id: UUID, thread_id: UUID) -> Thread | None:
    """The conversation, locked until the end of the transaction."""
    rows = Thread.objects.select_for_update(of=("self",)).filter(space_id=space_id, id=thread_id)
    return rows.first()


UNREAD = Q(direction=Message.Direction.RECEIVED, read_at=None)


def mark_read(*, space_id: UUID, thread_id: UUID, at: datetime) -> int:
    """Everything unread of a locked conversation; number of messages."""
    rows = Message.objects.filter(UNREAD, space_id=space_id, thread_id=thread_id)
    changed = rows.update(read_at=at)
    if changed:
        Thread.objects.filter(space_id=space_id, id=thread_id).update(unread=0)
    return changed
