"""What comes with a message (MSS-50 to MSS-59)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.mss.models.messages import Message
from apps.mss.querysets import AttachmentQuerySet
from apps.spaces.models import SameSpace, SpaceOwned, SpaceRelation


class Attachment(SpaceOwned):
    """One thing that a page shows under a message: a file, a document of a package, or an original behind a detail.

    Bytes are a file of the space's vault and readable only when clean. `name` is cleaned for people (S14, S21).
    A DOCUMENT comes out of a package of IHE XDM; its `package` is the archive, its `twin` the PDF of the same content.
    `held` says why it is kept from the reader (MSS-53, MSS-71), `refused` why the portal takes it for no record.
    """

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        DOCUMENT = "document", _("document")
        PACKAGE = "package", _("original archive")
        TWIN = "twin", _("printable copy of a document")
        MESSAGE = "message", _("forwarded message")
        PART = "part", _("part that is not shown")

    class Answer(models.TextChoices):
        """What became of a request to replace or to withdraw a document of the record (MSS-52)."""

        REPLACED = "replaced", _("replaced")
        WITHDRAWN = "withdrawn", _("withdrawn")
        NOT_SAVED = "not-saved", _("nothing to change")
        WRONG_VERSION = "900", _("not about the last version")
        WRONG_AUTHOR = "901", _("not by the author")
        REFUSED = "refused", _("refused by the record")

    message_id = models.UUIDField()
    message = SpaceRelation(Message, models.CASCADE, column="message_id", related_name="attachments")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=80)  # by content
    declared_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField()
    vault_id = models.UUIDField(null=True)
    file_id = models.UUIDField(null=True)
    parent_id = models.UUIDField(null=True)  # the archive, the forwarded message
    parent = SpaceRelation("self", models.CASCADE, column="parent_id", null=True, related_name="parts")
    title = models.CharField(max_length=250, blank=True)
    type_code = models.CharField(max_length=32, blank=True)
    author_name = models.CharField(max_length=200, blank=True)
    dated = models.CharField(max_length=40, blank=True)  # ISO text in the precision of the source (DMP-09)
    unique_id = models.CharField(max_length=160, blank=True)
    sha1 = models.CharField(max_length=40, blank=True)
    labels = models.JSONField(default=list)  # visibility of METADATA.XML (DMP-16)
    replaces = models.CharField(max_length=160, blank=True)  # unique id that the CDA replaces (MSS-52)
    is_withdrawal = models.BooleanField(default=False)
    held = models.CharField(max_length=40, blank=True)  # code; empty: shown
    refused = models.CharField(max_length=40, blank=True)
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)  # to a request; empty: not yet
    document_id = models.UUIDField(null=True, blank=True)  # in the record of the space, once saved (MSS-54)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "message_id", "position"], name="mss_attachment_one_a_place"),
            SameSpace(column="message_id", to="mss.Message", name="mss_attachment_same_space"),
            SameSpace(column="parent_id", to="mss.Attachment", name="mss_attachment_parent_same_space"),
        ]
        indexes = [
            models.Index(fields=["space"], include=["size"], name="mss_attachment_use"),
            models.Index(
                fields=["id"],
                name="mss_attachment_request",
                condition=(~Q(replaces="") | Q(is_withdrawal=True)) & Q(held="", answer=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
