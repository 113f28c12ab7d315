"""Counts the figures of the pages and keeps them; running twice counts twice, nothing else."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder

from apps.common.dates import PARIS
from apps.rollout.figures import counting, kept
from apps.rollout.models import KeptFigures

SHEETS = timedelta(hours=1)  # the comparison of everybody with their facts takes half a minute for a whole pilot


def keep_figures(*, at: datetime) -> int:
    """Count anew what pages show of a big register; a small one is counted by the pages themselves.

    Each kind is written by itself: one that takes long keeps no other from being fresh. Returns how many were kept.
    """
    if kept.is_small():
        return 0
    due = [kind for kind in KeptFigures.Kind if not _is_fresh(kind, at)]
    for kind in due:
        rows = counting.count(kind, at.astimezone(PARIS).date())
        plain = json.loads(json.dumps(rows, cls=DjangoJSONEncoder))
        KeptFigures.objects.update_or_create(kind=kind, defaults={"made_at": at, "rows": plain})
    return len(due)


def _is_fresh(kind: KeptFigures.Kind, at: datetime) -> bool:
    is_slow = kind in {KeptFigures.Kind.OUTCOMES, KeptFigures.Kind.DIFFERENCES}
    return is_slow and KeptFigures.objects.filter(kind=kind, made_at__gt=at - SHEETS).exists()
