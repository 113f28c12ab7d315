"""Letters that are long in the post are let go: the key of their batch is destroyed, their rows stay (RO-05)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from apps.files.services import destroy_letters_vault
from apps.rollout.models import LetterBatch

KEPT = timedelta(days=90)  # after the hand-over: the printer may have to print again [proposal]


@transaction.atomic
def forget_letters(*, at: datetime) -> int:
    """Destroy the keys of batches handed over so long ago. Returns how many still had one."""
    old = LetterBatch.objects.filter(state=LetterBatch.State.HANDED, handed_at__lt=at - KEPT)
    ids = old.order_by("number").values_list("pk", flat=True)
    return sum(destroy_letters_vault(batch_id=batch_id, at=at) for batch_id in ids)
