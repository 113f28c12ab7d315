from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from apps.access import Actor, Section
from apps.spaces.models import SpaceOwned

NAME_AT_MOST = 50  # DMP-61


class FolderQuerySet(models.QuerySet["Folder"]):
    """Reads of folders. `visible_to` is the only entry for code that shows them to someone (SEC-01)."""

    def visible_to(self, actor: Actor) -> Self:
        """Folders are the holder's side's own: professionals have none of them (DMP-61)."""
        if actor.space_id is None or not actor.rights.space_open:
            return self.none()
        if not (actor.has_current_right and actor.reads(Section.DOCUMENTS)):
            return self.none()
        return self.filter(space_id=actor.space_id)

    def in_alphabetical_order(self) -> Self:
        return self.order_by("folded", "id")


class Folder(SpaceOwned):
    """A folder of documents, flat: a document is in one folder or in none (DMP-61).

    `folded` makes the name unique whatever case and accents; one letter may become three (« ﬃ »).
    """

    name = models.CharField(max_length=NAME_AT_MOST)
    folded = models.CharField(max_length=4 * NAME_AT_MOST)
    created_at = models.DateTimeField()

    objects = FolderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "folded"], name="dmp_folder_one_a_name"),
            models.CheckConstraint(condition=~Q(folded=""), name="dmp_folder_has_name"),
        ]

    def __str__(self) -> str:
        return str(self.id)
