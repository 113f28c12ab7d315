"""What holds across apps at every moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.common.invariants import register
from apps.journeys.jobs import requests
from apps.journeys.reconciliation import unexplained_readings


@register("journeys.readings_without_line")
def readings_without_line(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Contents that left at the files' door without a line in the trail (SEC-13)."""
    return sum(found.missing for found in unexplained_readings())


@register("journeys.requests_not_answered_for_two_hours")
def requests_not_answered(*, at: datetime) -> int:
    """Requests of authors that could be carried out and were not (MSS-52)."""
    return len(requests.due(received_before=at - timedelta(hours=2)))
