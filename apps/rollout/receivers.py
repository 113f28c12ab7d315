"""What the roll-out hears of sign-ins: the first one activates an open space (SPA-09)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.dispatch import receiver

from apps.accounts.events import SessionOpened, session_opened
from apps.accounts.levels import reaches
from apps.common.tasks import enqueue
from apps.rollout import tasks


@receiver(session_opened)
def note_sign_in(event: SessionOpened, **_other: Any) -> None:  # noqa: ANN401  the signal's own
    """Queue it; a sign-in below the level that opens a space activates nothing (SEC-34)."""
    if reaches(event.level, settings.HOLDER_MIN_LEVEL):
        enqueue(tasks.note_sign_in, identity_id=str(event.identity_id), at=event.at.isoformat())
