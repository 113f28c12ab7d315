"""What must hold of notices and mails at every moment (REL-23)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from apps.common.invariants import register
from apps.notifications.jobs.delivering import LEASE
from apps.notifications.models import Notice, OutgoingMail

State = OutgoingMail.State
LATE = timedelta(hours=1)  # sixty sweeps


@register("notifications.due_mail_waits_too_long")
def due_mail_waits_too_long(*, at: datetime) -> int:
    """A due mail has left, or was tried and has a later hour, within an hour."""
    return OutgoingMail.objects.filter(state__in=(State.WAITING, State.UNCERTAIN), due_at__lt=at - LATE).count()


@register("notifications.lease_never_ends")
def lease_never_ends(*, at: datetime) -> int:
    """A try whose machine died is taken back soon after its lease."""
    return OutgoingMail.objects.filter(state=State.SENDING, leased_until__lt=at - LATE - LEASE).count()


@register("notifications.mail_of_somebody_else")
def mail_of_somebody_else(*, at: datetime) -> int:
    """A notice is told by a mail to its own reader."""
    del at
    return Notice.objects.filter(mail__isnull=False).exclude(mail__user_id=F("user_id")).count()
