"""Traces of deliveries go after a time (MSS-38): who handed in what and when; the messages stay with their spaces."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from apps.mss.models import Arrival

AT_MOST = 5_000


def forget_arrivals(*, at: datetime, at_most: int = AT_MOST) -> int:
    """Rows that every space has had for `MSS_ARRIVAL_DAYS`, oldest first; returns how many went. Parked ones stay."""
    before = at - timedelta(days=settings.MSS_ARRIVAL_DAYS)
    over = Arrival.objects.filter(state=Arrival.State.FILED, ended_at__lt=before)
    ids = list(over.order_by("id").values_list("id", flat=True)[:at_most])
    Arrival.objects.filter(id__in=ids).delete()
    return len(ids)
