"""Files inside documents as people see them: pictures of pages and text, made once by a job (D-03, SEC-11)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.dmp.models.document import Document
from apps.files.models import StoredFile
from apps.formats import media
from apps.spaces.models import SameSpace, SpaceOwned, SpaceRelation


class Rendition(SpaceOwned):
    """One file of a document, by its number (0: the level-1 file), and how far showing it is prepared.

    `opened_at`: the file was looked at, `pages` and the text are known; `pages_made` counts on to `pages`. A refused
    one has its `reason` (`apps.formats.decoding.Reason`, or `lost`); the file itself can be downloaded all the same.
    """

    class State(models.TextChoices):
        """Where the work stands."""

        WAITING = "waiting", _("in preparation")
        READY = "ready", _("ready")
        REFUSED = "refused", _("cannot be shown")

    document_id = models.UUIDField()
    document = SpaceRelation(Document, models.CASCADE, column="document_id", related_name="renditions")
    number = models.PositiveSmallIntegerField()
    media_type = models.CharField(max_length=80)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=24, blank=True)
    warnings = models.JSONField(default=list)  # of a PDF (DMP-106)
    pages = models.PositiveSmallIntegerField(default=0)
    pages_made = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)  # since the last page that was made
    vault_id = models.UUIDField(null=True, blank=True)
    text_id = models.UUIDField(null=True, blank=True)
    text = models.ForeignObject(
        StoredFile, models.PROTECT, from_fields=["vault_id", "text_id"], to_fields=["vault_id", "id"], related_name="+",
        null=True,
    )  # fmt: skip
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()  # of the next try
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            SameSpace(column="document_id", to="dmp.Document", name="dmp_rendition_document_same_space"),
            models.UniqueConstraint(fields=["space", "document_id", "number"], name="dmp_rendition_one_a_file"),
            models.CheckConstraint(condition=Q(pages_made__lte=F("pages")), name="dmp_rendition_no_page_too_many"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(pages_made=F("pages"), opened_at__isnull=False),
                name="dmp_rendition_ready_when_made",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(reason=""), name="dmp_rendition_refused_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") ^ Q(ended_at__isnull=False), name="dmp_rendition_ended_once"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="dmp_rendition_due", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def has_pages(self) -> bool:
        """Whether it is read beside the text of the document, as pages or as a text; one picture stands in it."""
        return self.media_type not in {media.JPEG, media.PNG}

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.REFUSED


class PagePicture(SpaceOwned):
    """One page in one width: a JPEG that we drew."""

    rendition_id = models.UUIDField()
    rendition = SpaceRelation(Rendition, models.CASCADE, column="rendition_id", related_name="pictures")
    page = models.PositiveSmallIntegerField()
    width = models.PositiveSmallIntegerField()  # pixels
    height = models.PositiveSmallIntegerField()
    vault_id = models.UUIDField()
    file_id = models.UUIDField()
    file = models.ForeignObject(
        StoredFile, models.PROTECT, from_fields=["vault_id", "file_id"], to_fields=["vault_id", "id"], related_name="+"
    )

    class Meta:
        constraints = [
            SameSpace(column="rendition_id", to="dmp.Rendition", name="dmp_pagepicture_rendition_same_space"),
            models.UniqueConstraint(
                fields=["space", "rendition_id", "page", "width"], name="dmp_pagepicture_one_a_width"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rendition_id} {self.page}"
