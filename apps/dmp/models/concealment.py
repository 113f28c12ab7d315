from __future__ import annotations

from django.db import models

from apps.dmp.models.document import Document
from apps.spaces.models import SameSpace, SpaceOwned, SpaceRelation


class Concealment(SpaceOwned):
    """Steps of an announcement consultation that machines must say: after two weeks that an update waits, after a month
    that the document is there (ACC-34). What may be seen is decided by the clock, never by this row (REL-22).

    `due_at` is the hour of the next step, None when all is said.
    """

    document_id = models.UUIDField()
    document = SpaceRelation(Document, models.CASCADE, column="document_id", related_name="concealments")
    told_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            SameSpace(column="document_id", to="dmp.Document", name="dmp_concealment_document_same_space"),
            models.UniqueConstraint(fields=["space", "document_id"], name="dmp_concealment_one_a_document"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="dmp_concealment_due", condition=models.Q(due_at__isnull=False))
        ]

    def __str__(self) -> str:
        return str(self.id)
