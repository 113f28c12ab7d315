"""What other apps ask of notices, and what people do with theirs."""

from __future__ import annotations

from apps.notifications.services.announcing import announce
from apps.notifications.services.choosing import NoAddressError, Wish, choose, send_trial, wish_of
from apps.notifications.services.reading import (
    NoticeNotFoundError,
    mark_all_read,
    mark_document_read,
    mark_read,
    mark_unread,
    notice_of,
    notices_of,
    seen_documents,
    undo_mark_all,
    unread_count,
)
from apps.notifications.services.state import OutboxState, outbox_state

__all__ = [
    "NoAddressError",
    "NoticeNotFoundError",
    "OutboxState",
    "Wish",
    "announce",
    "choose",
    "mark_all_read",
    "mark_document_read",
    "mark_read",
    "mark_unread",
    "notice_of",
    "notices_of",
    "outbox_state",
    "seen_documents",
    "send_trial",
    "undo_mark_all",
    "unread_count",
    "wish_of",
]
