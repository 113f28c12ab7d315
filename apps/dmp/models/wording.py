"""What is looked for inside documents (D-01, D-03): marks of words, the sealed text, sealed figures; made by a job."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.dmp.models.document import Document
from apps.spaces.models import SameSpace, SpaceOwned, SpaceRelation


class Wording(SpaceOwned):
    """The words of one document: of its narrative and of the texts of its files.

    `marks`: one after the other, of stems (`apps.files.blind`, `apps.formats.searching`); `sealed`: the text that
    extracts are cut from, closed under the vault's key and bound to the document. `figures`: results of analyses with a
    LOINC code (`apps.formats.cda.measured`), sealed too; their codes are among the marks (`word_of_code`). `due_at`:
    when work is to be done, None when none is. Without bytes that can be read, all stay empty.
    """

    document_id = models.UUIDField()
    document = SpaceRelation(Document, models.CASCADE, column="document_id", related_name="wordings")
    marks = models.TextField(blank=True, db_collation="C")
    sealed = models.BinaryField(null=True)
    figures = models.BinaryField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            SameSpace(column="document_id", to="dmp.Document", name="dmp_wording_document_same_space"),
            models.UniqueConstraint(fields=["space", "document_id"], name="dmp_wording_one_a_document"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(made_at__isnull=False), name="dmp_wording_due_until_made"
            ),
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="dmp_wording_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return str(self.document_id)

    @property
    def bound_to(self) -> str:
        """What the sealed text is bound to: in another row it does not open."""
        return f"dmp.wording:{self.space_id}:{self.document_id}"

    @property
    def figures_bound_to(self) -> str:
        return f"dmp.figures:{self.space_id}:{self.document_id}"


def word_of_code(loinc: str) -> str:
    """What stands for an analysis among the marks; no stem holds a colon."""
    return f"LOINC:{loinc}"
