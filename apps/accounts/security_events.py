"""Writing down what people must be told about the ways into their account; `notifications` tells it (SEC-18)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.models import SecurityEvent


def note(*, user_id: UUID, kind: SecurityEvent.Kind, at: datetime, former_address: str = "") -> SecurityEvent:
    """One row, in the caller's transaction: the act and its notice come together or not at all.

    `former_address`: where to write as well, after a change of address.
    """
    return SecurityEvent.objects.create(user_id=user_id, kind=kind, at=at, former_address=former_address)
