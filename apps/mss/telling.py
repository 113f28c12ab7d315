"""Telling people that a message came, and nothing of it (MSS-64, NOT-07)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.access import Section
from apps.notifications.kinds import Kind
from apps.notifications.services import announce
from apps.notifications.times import window_of
from apps.spaces.audience import people_to_tell
from apps.spaces.models import HealthSpace

WINDOW_MINUTES = 30


def tell_of_message(*, space: HealthSpace, thread_id: UUID, at: datetime) -> None:
    """The holder, those who represent them, and relatives who may read the mailbox; part of the caller's transaction.

    One notice and one mail a conversation in half an hour, at its first message: neither says of whom, of what, or
    which one (NOT-15).
    """
    start, _end = window_of(at, minutes=WINDOW_MINUTES)
    announce(
        user_ids=people_to_tell(space_id=space.id, at=at, delegates=True, section=Section.MESSAGES, space=space),
        kind=Kind.NEW_MESSAGE,
        at=at,
        key=f"{Kind.NEW_MESSAGE.value}:{thread_id}:{start:%Y%m%dT%H%M}",
        space_id=space.id,
    )
