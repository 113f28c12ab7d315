"""What the public page of a service shows of its logo and screenshots: drawn anew by us, never the bytes that were sent
(STO-84, STO-100, SEC-11).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.common.ids import uuid7
from apps.store.models.answers import Evidence


class Picture(models.Model):
    """One logo or screenshot of a published dossier. Made when `file_id` is set, given up when `refused` says why;
    until then the job takes it up at `due_at`. Sizes in pixels.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="picture")
    file_id = models.UUIDField(null=True, blank=True)  # in the vault of the piece
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    refused = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(file_id=None) | Q(refused=""), name="store_picture_made_or_refused"),
            models.CheckConstraint(
                condition=Q(file_id=None) | Q(width__gt=0, height__gt=0), name="store_picture_made_has_size"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(file_id=None, refused=""), name="store_picture_due")
        ]

    def __str__(self) -> str:
        return str(self.id)
