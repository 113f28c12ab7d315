"""Vaults and the files they hold. Bytes are encrypted before they reach the storage (architecture 3.11)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7


class MasterKey(models.Model):
    """A master key that vault keys are or were closed with. The key itself stands outside the database (SEC-28)."""

    version = models.PositiveSmallIntegerField(primary_key=True)
    fingerprint = models.CharField(max_length=16)  # tells a wrong key of this version before it does harm

    def __str__(self) -> str:
        return f"version {self.version}"


class KeyRotation(models.Model):
    """Closing all vault keys anew with one master key: may be killed and started again at any time."""

    to_version = models.PositiveSmallIntegerField(primary_key=True)
    started_at = models.DateTimeField()
    moved_on_at = models.DateTimeField()  # end of the last batch
    finished_at = models.DateTimeField(null=True, blank=True)
    rewrapped = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"to version {self.to_version}"


class Vault(models.Model):
    """Owner of stored files: one a space, one a publisher organisation (coffre). Destroying its key erases its files
    for good. A purpose has one for its small secrets (`apps.files.secrets`), a batch of letters of the roll-out one for
    what goes to the printer, a scanned letter one of its own.
    """

    class Owner(models.TextChoices):
        SPACE = "space", _("health space")
        ORGANISATION = "organisation", _("organisation")
        PURPOSE = "purpose", _("small secrets of one purpose")
        LETTERS = "letters", _("letters of one batch")
        SCAN = "scan", _("one scanned letter")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_kind = models.CharField(max_length=16, choices=Owner.choices)
    owner_id = models.UUIDField()
    wrapped_key = models.BinaryField(null=True)
    master_version = models.PositiveSmallIntegerField(default=1)  # of the master key that closes `wrapped_key`
    key_destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_id"], name="files_vault_one_an_owner"),
            models.CheckConstraint(
                condition=models.Q(wrapped_key=None) ^ models.Q(key_destroyed_at=None),
                name="files_vault_has_key_until_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.owner_id}"


class StoredFile(models.Model):
    """One content: where it lies, what it is, whether it may be read. Readable only when `CLEAN` (SEC-11, REL-13)."""

    class State(models.TextChoices):
        """State of the antivirus check; a scanner that is away leaves `WAITING`, never `CLEAN`.

        `PARKED` after five tries without a verdict; `DESTROYED` by an operator, after `INFECTED`.
        """

        WAITING = "waiting", _("waiting for the check")
        CLEAN = "clean", _("clean")
        INFECTED = "infected", _("infected")
        PARKED = "parked", _("could not be checked")
        DESTROYED = "destroyed", _("destroyed")

    class Problem(models.TextChoices):
        """Why the last try had no verdict."""

        SCANNER_AWAY = "scanner-away", _("the antivirus does not answer")
        STORE_AWAY = "store-away", _("the file store does not answer")
        KEY_MISSING = "key-missing", _("the master key of this file is not in the settings")
        KEY_DESTROYED = "key-destroyed", _("the key of the vault has been destroyed")
        BYTES_LOST = "bytes-lost", _("the content is missing or damaged")
        TOO_LONG = "too-long", _("the file is longer than the antivirus takes")
        NO_ANSWER = "no-answer", _("the antivirus gave no usable answer")
        INTERRUPTED = "interrupted", _("the check stopped halfway")

    pk = models.CompositePrimaryKey("vault_id", "id")
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="files", db_index=False)
    id = models.UUIDField(default=uuid7, editable=False)
    object_name = models.CharField(max_length=64, unique=True)  # random: no name, no owner
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=80)  # by content, never by name
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    scanner = models.CharField(max_length=64, blank=True)  # who judged, in its own words
    finding = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # tries of the check that had no verdict
    due_at = models.DateTimeField(null=True, blank=True)  # of the next try; None: at once
    problem = models.CharField(max_length=16, choices=Problem.choices, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)  # when the bytes of a destroyed file were deleted
    read_count = models.PositiveIntegerField(default=0)  # reconciled with the trail (SEC-13)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "parked")) ^ models.Q(scanned_at__isnull=False),
                name="files_storedfile_judged_when_scanned",
            ),
            models.CheckConstraint(
                condition=models.Q(state="parked") ^ models.Q(parked_at=None), name="files_storedfile_parked_since"
            ),
            models.CheckConstraint(
                condition=models.Q(state="destroyed") ^ models.Q(destroyed_at=None),
                name="files_storedfile_destroyed_since",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at", "id"], name="files_storedfile_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["received_at", "id"],
                name="files_storedfile_quarantine",
                condition=models.Q(state__in=("infected", "parked")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media_type} {self.id}"

    @property
    def is_readable(self) -> bool:
        return self.state == self.State.CLEAN

    @property
    def is_blocked(self) -> bool:
        """A virus was found: nobody will ever read it, unless a second check says otherwise."""
        return self.state in {self.State.INFECTED, self.State.DESTROYED}
