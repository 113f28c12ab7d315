"""Vaults and the files they hold. Bytes are encrypted before they reach the storage (architecture 3.11)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7


class Vault(models.Model):
    """Owner of stored files: one a space, one a publisher organisation (coffre). Destroying its key erases its files
    for good.
    """

    class Owner(models.TextChoices):
        SPACE = "space", _("health space")
        ORGANISATION = "organisation", _("organisation")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_kind = models.CharField(max_length=16, choices=Owner.choices)
    owner_id = models.UUIDField()
    wrapped_key = models.BinaryField(null=True)
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
        """State of the antivirus check; a scanner that is away leaves `WAITING`, never `CLEAN`."""

        WAITING = "waiting", _("waiting for the check")
        CLEAN = "clean", _("clean")
        INFECTED = "infected", _("infected")

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
    read_count = models.PositiveIntegerField(default=0)  # reconciled with the trail (SEC-13)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting") ^ models.Q(scanned_at__isnull=False),
                name="files_storedfile_judged_when_scanned",
            )
        ]
        indexes = [
            models.Index(
                fields=["received_at", "id"], name="files_storedfile_waiting", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.media_type} {self.id}"

    @property
    def is_readable(self) -> bool:
        return self.state == self.State.CLEAN
