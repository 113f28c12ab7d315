"""Organisations that publish services, and the people who act for them (STO-13, PU-02)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7
from apps.store.models.waiting import done_by


class Publisher(models.Model):
    """A publisher of services (éditeur): one row a SIREN. Its files lie in the vault of the organisation.

    `siret`: of the establishment that signs. `group_siren`: of the group it belongs to, for conflicts of interest.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    siren = models.CharField(max_length=9, unique=True)
    siret = models.CharField(max_length=14)
    finess = models.CharField(max_length=9, blank=True)
    group_siren = models.CharField(max_length=9, blank=True)
    name = models.CharField(max_length=200)
    representative_name = models.CharField(max_length=120)
    representative_title = models.CharField(max_length=120)
    contact_email = models.EmailField()
    security_email = models.EmailField()  # compulsory: whom to call in an incident (PU-02)
    security_phone = models.CharField(max_length=20)
    created_by = done_by()
    created_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)  # of changes, for two people at once
    changed_by = done_by(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(siren__regex=r"^\d{9}$"), name="store_publisher_siren_has_nine"),
            models.CheckConstraint(
                condition=Q(siret__regex=r"^\d{14}$", siret__startswith=models.F("siren")),
                name="store_publisher_siret_is_of_the_siren",
            ),
        ]

    def __str__(self) -> str:
        return self.siren


class Member(models.Model):
    """One person of a publisher with their roles; the row stays when they leave.

    A signatory needs a mandate: a file of the vault and its end (STO-48).
    """

    class Role(models.TextChoices):
        """STO-13."""

        OWNER = "owner", _("administrator of the organisation")
        TECHNICAL = "technical", _("technical contact")
        SIGNATORY = "signatory", _("signatory")
        DPO = "dpo", _("data-protection officer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="publisher_members")
    name = models.CharField(max_length=120)
    roles = ArrayField(models.CharField(max_length=16, choices=Role.choices), default=list)
    mandate_vault_id = models.UUIDField(null=True, blank=True)
    mandate_file_id = models.UUIDField(null=True, blank=True)
    mandate_until = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = done_by(null=True, blank=True)

    class Meta:
        constraints = [
            # [proposal] One publisher a person: a page of the publisher's space never asks for which one.
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="store_member_one_publisher_a_person"
            ),
            models.CheckConstraint(
                condition=Q(mandate_file_id=None, mandate_vault_id=None, mandate_until=None)
                | Q(mandate_file_id__isnull=False, mandate_vault_id__isnull=False, mandate_until__isnull=False),
                name="store_member_mandate_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_owner(self) -> bool:
        return self.Role.OWNER in self.roles


class JoinRequest(models.Model):
    """Somebody asks to act for a publisher that is registered; an administrator of it answers (PU-02)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    message = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    decided_by = done_by(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    is_accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(decided_at=None), name="store_joinrequest_one_open_a_person"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, is_accepted=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_accepted__isnull=False),
                name="store_joinrequest_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AddressProof(models.Model):
    """Whether the owner of a mail address said that it is theirs (STO-106): a key by mail that lives 48 hours.

    `key_hash`: SHA-256 of the key, hexadecimal; the key is in the mail alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="address_proofs")
    email = models.EmailField()
    key_hash = models.CharField(max_length=64, unique=True)
    asked_by = done_by()
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["publisher", "email"], name="store_addressproof_address")]

    def __str__(self) -> str:
        return str(self.id)
