"""What a publisher declared, word for word, each time it was sent (STO-10)."""

from __future__ import annotations

from django.db import models

from apps.common.ids import uuid7
from apps.store.models.candidacies import Candidacy


class Snapshot(models.Model):
    """The canonical text of a dossier and its SHA-256 (hexadecimal), which events and receipts name. Append-only, and
    the database compares text and hash itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="snapshots")
    hash = models.CharField(max_length=64)
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidacy", "hash"], name="store_snapshot_once")]

    def __str__(self) -> str:
        return self.hash
