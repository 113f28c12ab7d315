"""Documents of a space: the record of one document as XDS and the DMP describe it (DMP-01 to DMP-28)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.common.dates import PartialDate
from apps.common.ids import uuid7
from apps.dmp.models.folder import Folder
from apps.dmp.querysets import DocumentQuerySet
from apps.files.models import StoredFile
from apps.spaces.models import SameSpace, SpaceOwned, SpaceRelation


class SubmissionSet(SpaceOwned):
    """The documents of one deposit (lot de soumission), immutable (DMP-07)."""

    unique_id = models.CharField(max_length=128)
    submitted_at = models.DateTimeField()
    depositor_id = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class Document(SpaceOwned):
    """One version of one document, immutable in content; visibility and status belong to its record.

    Three names (DMP-02): `unique_id` by the producer, `entry_id` new at every change of the record, `logical_id` new at
    every version. Times of the document are ISO texts in the precision and offset of the source (DMP-09, S07);
    `sorted_on` is for sorting only. Visibility (DMP-15, ACC-30): `hidden_at` = MASQUE_PS, `concealed_until` =
    INVISIBLE_PATIENT until that instant, `kept_from_representatives` = INVISIBLE_REPRESENTANTS_LEGAUX.
    """

    class Availability(models.TextChoices):
        """Status of the record (DMP-04); codes of ebXML and of the CI-SIS."""

        APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved", _("current")
        DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated", _("replaced")
        ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived", _("archived")
        DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted", _("deleted")

    unique_id = models.CharField(max_length=160)
    entry_id = models.UUIDField(default=uuid7)
    logical_id = models.UUIDField(default=uuid7)
    set_id = models.CharField(max_length=160, blank=True)
    version_number = models.PositiveIntegerField(default=1)
    replaces_id = models.UUIDField(null=True, blank=True)
    replaces = SpaceRelation("self", models.PROTECT, column="replaces_id", null=True, related_name="replaced_by")
    submission_id = models.UUIDField()
    submission = SpaceRelation(SubmissionSet, models.PROTECT, column="submission_id", related_name="documents")
    availability = models.CharField(max_length=64, choices=Availability.choices, default=Availability.APPROVED)

    type_code = models.CharField(max_length=32, blank=True)  # JDV_J07: LOINC or TRE_A05 (DMP-11, DMP-14)
    type_system = models.CharField(max_length=64, blank=True)
    type_label = models.CharField(max_length=200, blank=True)
    class_code = models.CharField(max_length=16, blank=True)  # JDV_J57 (DMP-12)
    category = models.CharField(max_length=16)  # portal category (DMP-55)
    format_code = models.CharField(max_length=80, blank=True)
    confidentiality = models.CharField(max_length=1, default="N")  # N, R, V of the CDA header (DMP-16)
    language = models.CharField(max_length=16, blank=True)
    title = models.CharField(max_length=300)
    created = models.CharField(max_length=32, blank=True)
    act_started = models.CharField(max_length=32, blank=True)
    act_stopped = models.CharField(max_length=32, blank=True)
    sorted_on = models.DateField()

    author_name = models.CharField(max_length=200, blank=True)
    author_specialty = models.CharField(max_length=200, blank=True)
    author_id = models.CharField(max_length=64, blank=True)  # PS_IdNat of the first person author (DMP-23)
    author_is_device = models.BooleanField(default=False)
    organisation_name = models.CharField(max_length=200, blank=True)
    organisation_id = models.CharField(max_length=64, blank=True)  # Struct_IdNat
    facility_code = models.CharField(max_length=16, blank=True)  # JDV_J02 (DMP-19)
    practice_code = models.CharField(max_length=32, blank=True)  # JDV_J04 (DMP-18)
    depositor_id = models.CharField(max_length=64, blank=True)
    folded = models.CharField(max_length=700)  # title, author, organisation, type: what a search looks in

    sha1 = models.CharField(max_length=40)  # detects damage, not forgery (DMP-28)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(
        max_length=80
    )  # of the content a person reads: text/xml, or that of a level-1 payload
    warnings = models.JSONField(default=list)
    vault_id = models.UUIDField()
    file_id = models.UUIDField()
    file = models.ForeignObject(
        StoredFile, models.PROTECT, from_fields=["vault_id", "file_id"], to_fields=["vault_id", "id"], related_name="+"
    )

    received_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by_default = models.BooleanField(default=False, db_default=False)  # by the space's setting alone (ACC-32)
    concealed_until = models.DateTimeField(null=True, blank=True)
    kept_from_representatives = models.BooleanField(default=False)

    # How the holder's side arranges its documents (DMP-61): not part of the record, so no new `entry_id`.
    folder_id = models.UUIDField(null=True, blank=True)
    # The database refuses to lose a folder that is not empty; a look by Django would not name the space (SEC-03).
    folder = SpaceRelation(Folder, models.DO_NOTHING, column="folder_id", null=True, related_name="documents")
    pinned_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    # Annotation of `with_availability_for`.
    is_last_seen: bool

    class Meta:
        constraints = [
            SameSpace(column="replaces_id", to="dmp.Document", name="dmp_document_replaces_same_space"),
            SameSpace(column="submission_id", to="dmp.SubmissionSet", name="dmp_document_submission_same_space"),
            SameSpace(column="folder_id", to="dmp.Folder", name="dmp_document_folder_same_space"),
            models.UniqueConstraint(fields=["space", "unique_id"], name="dmp_document_one_row_a_unique_id"),
            models.UniqueConstraint(fields=["space", "replaces_id"], name="dmp_document_has_one_successor"),
            models.CheckConstraint(condition=~Q(title=""), name="dmp_document_has_title"),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | Q(hidden_at__gte=F("received_at")),
                name="dmp_document_hidden_after_receipt",
            ),
            models.CheckConstraint(
                condition=Q(hidden_by_default=False) | Q(hidden_at__isnull=False),
                name="dmp_document_default_hides",
            ),
            models.CheckConstraint(
                condition=Q(confidentiality__in=["N", "R", "V"]), name="dmp_document_confidentiality_known"
            ),
        ]
        indexes = [
            models.Index(fields=["space", "-sorted_on", "-id"], name="dmp_document_timeline"),
            models.Index(fields=["space", "received_at"], name="dmp_document_received"),
        ]

    def __str__(self) -> str:
        return f"{self.type_code} {self.id}"

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_current(self) -> bool:
        return self.availability == self.Availability.APPROVED

    @property
    def created_on(self) -> PartialDate | None:
        """Day (month, year) of the document as written in it; None when it has none."""
        written = (self.act_started or self.created).partition("T")[0]
        return PartialDate.parse(written) if written else None


class ReadMark(SpaceOwned):
    """Somebody has read a document: « Nouveau » is kept per reader, a delegate's reading does not clear the holder's
    (D-01).
    """

    document_id = models.UUIDField()
    document = SpaceRelation(Document, models.CASCADE, column="document_id", related_name="read_marks")
    user_id = models.UUIDField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            SameSpace(column="document_id", to="dmp.Document", name="dmp_readmark_document_same_space"),
            models.UniqueConstraint(fields=["space", "document_id", "user_id"], name="dmp_readmark_one_a_reader"),
        ]

    def __str__(self) -> str:
        return str(self.id)
