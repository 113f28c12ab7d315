"""What the queue forgot: mails that are due, tries that never ended (REL-03, REL-22)."""

from __future__ import annotations

from datetime import datetime

from apps.notifications.gateways.base import Relay
from apps.notifications.jobs.delivering import Outcome, deliver, reclaim
from apps.notifications.models import OutgoingMail

AT_MOST = 200  # a slice well under the time limit of a task; the next sweep takes the rest


def sweep(*, relay: Relay, at: datetime) -> int:
    """Send what is due, oldest first; stops at a relay that is away. Returns how many have left."""
    reclaim(at=at)
    due = OutgoingMail.objects.filter(state__in=("waiting", "uncertain"), due_at__lte=at).order_by("due_at", "id")
    sent = 0
    for mail_id in due.values_list("pk", flat=True)[:AT_MOST]:
        outcome = deliver(mail_id=mail_id, relay=relay, at=at)
        if outcome is Outcome.RELAY_AWAY:
            break
        sent += outcome is Outcome.SENT
    return sent
