"""What somebody has begun to write (MSS-36)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.accounts.models import User
from apps.mss.models.correspondents import Correspondent
from apps.mss.models.messages import Thread
from apps.mss.querysets import DraftFileQuerySet, DraftQuerySet
from apps.spaces.models import SameSpace, SpaceOwned, SpaceRelation


class Draft(SpaceOwned):
    """One a conversation, or one a box for a new conversation; the text is sealed like a body."""

    thread_id = models.UUIDField(null=True)
    thread = SpaceRelation(Thread, models.CASCADE, column="thread_id", null=True, related_name="drafts")
    correspondent_id = models.UUIDField()
    correspondent = SpaceRelation(Correspondent, models.PROTECT, column="correspondent_id", related_name="drafts")
    subject = models.CharField(max_length=500, blank=True)
    body_sealed = models.TextField(blank=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            SameSpace(column="thread_id", to="mss.Thread", name="mss_draft_thread_same_space"),
            SameSpace(column="correspondent_id", to="mss.Correspondent", name="mss_draft_box_same_space"),
            models.UniqueConstraint(
                fields=["space", "thread_id"], condition=Q(thread_id__isnull=False), name="mss_draft_one_a_thread"
            ),
            models.UniqueConstraint(
                fields=["space", "correspondent_id"], condition=Q(thread_id=None), name="mss_draft_one_a_new_thread"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class DraftFile(SpaceOwned):
    """A file added to a draft, from the device (a file of the vault) or a document of the record by its id."""

    draft_id = models.UUIDField()
    draft = SpaceRelation(Draft, models.CASCADE, column="draft_id", related_name="files")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    vault_id = models.UUIDField()
    file_id = models.UUIDField()
    document_id = models.UUIDField(null=True, blank=True)

    objects = DraftFileQuerySet.as_manager()

    class Meta:
        constraints = [SameSpace(column="draft_id", to="mss.Draft", name="mss_draftfile_same_space")]

    def __str__(self) -> str:
        return str(self.id)
