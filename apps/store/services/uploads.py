"""How much a publisher may bring into its vault: what was kept once stays, also when it is taken away again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Sum

from apps.common import limits
from apps.files.models import StoredFile, Vault

A_DAY, DAY = 500_000_000, timedelta(days=1)  # bytes (security.md 5); files an hour: `settings.LIMITS`


def is_too_much(*, publisher_id: UUID, size: int, at: datetime) -> bool:
    """Count one file of the publisher, whoever of its members sends it, and say whether it is one too many."""
    theirs = StoredFile.objects.filter(vault__owner_kind=Vault.Owner.ORGANISATION, vault__owner_id=publisher_id)
    brought = theirs.filter(received_at__gt=at - DAY).aggregate(size=Sum("size"))["size"] or 0
    if brought + size > A_DAY:
        return True
    return not limits.allow(act="publisher_upload", key=str(publisher_id), at=at).allowed
