"""Figures of the outbox for those who operate the portal (REL-23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from apps.notifications.models import OutgoingMail

_PENDING = (OutgoingMail.State.WAITING, OutgoingMail.State.SENDING, OutgoingMail.State.UNCERTAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxState:
    """Rows by state, and how long the oldest due mail has been waiting."""

    counts: dict[str, int]
    oldest_due: timedelta


def outbox_state(at: datetime) -> OutboxState:
    """Counts of all states, zero included, and the age of the oldest mail that should have left by `at`."""
    rows = OutgoingMail.objects.order_by("state").values("state").annotate(number=Count("pk"))
    counts = {state.value: 0 for state in OutgoingMail.State} | {row["state"]: row["number"] for row in rows}
    due = OutgoingMail.objects.filter(state__in=_PENDING, due_at__lte=at).aggregate(first=Min("due_at"))["first"]
    return OutboxState(counts=counts, oldest_due=at - due if due is not None else timedelta(0))
