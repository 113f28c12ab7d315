"""What is old leaves: notices of the centre, and rows of mails with the addresses in them (NOT-35)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from apps.notifications.kinds import Kind
from apps.notifications.models import Notice, OutgoingMail

# A mail that still has a try before it, or that an operator has to see, stays.
_OVER = (OutgoingMail.State.SENT, OutgoingMail.State.SUPPRESSED, OutgoingMail.State.FAILED)


def forget(*, at: datetime) -> int:
    """Delete what is older than `NOTICE_RETENTION_DAYS`; notices of legal acts stay. Returns the number of notices."""
    before = at - timedelta(days=settings.NOTICE_RETENTION_DAYS)
    gone, _by_model = Notice.objects.filter(at__lt=before).exclude(kind=Kind.DELEGATION).delete()
    OutgoingMail.objects.filter(at__lt=before, state__in=_OVER).delete()
    return gone
