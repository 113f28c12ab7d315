"""What other apps may hear of sign-ins: a typed event of ids, sent after the commit (architecture 3.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from apps.accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """Somebody whose identity is known has signed in; `level` is that of the session (SEC-34)."""

    user_id: UUID
    identity_id: UUID
    level: str
    at: datetime


session_opened = Signal()  # receivers get `event`; they do nothing but put work on a queue


def tell_session_opened(*, user: User, level: str, at: datetime) -> None:
    """Once the transaction is committed; nothing for users without an identity. A receiver's fault undoes nothing."""
    if user.identity_id is None:
        return
    event = SessionOpened(user_id=user.pk, identity_id=user.identity_id, level=level, at=at)
    transaction.on_commit(lambda: session_opened.send_robust(sender=SessionOpened, event=event), robust=True)
