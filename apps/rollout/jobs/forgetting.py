"""Activations that nobody took up again: gone after thirty days, with the address that was typed (S-08)."""

from __future__ import annotations

from datetime import datetime

from apps.rollout.models import Activation


def forget_activations(*, at: datetime) -> int:
    """Delete what was left unfinished until the end of its thirty days; returns how many. What is finished stays."""
    deleted, _by_model = Activation.objects.filter(finished_at=None, ends_at__lte=at).delete()
    return deleted
