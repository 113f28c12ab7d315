"""The big stop: a row that every job reads inside each batch, so that it holds without queue and cache (REL-10)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from apps.rollout.models import StopOrder

# For set-based statements about `rollout_eligibleperson AS e`.
NOT_STOPPED = """
    NOT EXISTS (
        SELECT FROM rollout_stoporder AS stop
        WHERE stop.lifted_at IS NULL AND (stop.wave_id IS NULL OR stop.wave_id = e.wave_id)
    )
"""


def is_stopped(wave_id: UUID | None) -> bool:
    """Whether sendings and openings of this wave are halted now; None asks about everything."""
    scope = Q(wave_id=None) | Q(wave_id=wave_id) if wave_id is not None else Q(wave_id=None)
    return StopOrder.objects.filter(scope, lifted_at=None).exists()
