"""The health space itself."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InsIdentity
from apps.common.ids import uuid7
from apps.spaces.querysets import HealthSpaceQuerySet

# Perimeter that a space opens with when its wave says nothing else (decisions.md 38): documents and secure mailbox.
FIRST_SERVICES = ["dmp", "mss"]


def first_services() -> list[str]:
    """A list of its own for each row."""
    return list(FIRST_SERVICES)


class HealthSpace(models.Model):
    """Digital health space of one person (espace numérique de santé), identified by the INS (SPA-12).

    Opened and activated are two things (SPA-09): an opened space is fed and read by professionals even if its holder
    never signs in. The three emergency switches are those of ACC-20, with their default values.
    """

    class Status(models.TextChoices):
        """States of spaces-and-identity.md 2.3 that a row can have; before the opening there is no row."""

        OPEN = "open", _("open")
        SUSPENDED = "suspended", _("suspended")
        CLOSED = "closed", _("closed")
        DELETED = "deleted", _("deleted")

    class ClosureReason(models.TextChoices):
        """Why a space was closed (SPA-30, SPA-35, SPA-36, decisions.md 8)."""

        HOLDER = "holder", _("asked for by the holder")
        REPRESENTATIVE = "representative", _("asked for by a legal representative")
        HELPED = "helped", _("asked for by phone, post or at a counter")
        LATE_OPPOSITION = "late-opposition", _("opposition received in time, entered after the opening")
        TOO_LATE = "too-late", _("asked for with a notice, by somebody who came to oppose after the opening")
        EX_OFFICIO = "ex-officio", _("malfunction or fraud that could not be corrected")
        DEATH = "death", _("death of the holder")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    identity = models.OneToOneField(InsIdentity, on_delete=models.PROTECT, related_name="space")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    opening_rule = models.CharField(max_length=16, default="SPA-03")
    account_activated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closure_reason = models.CharField(max_length=32, choices=ClosureReason.choices, blank=True)
    closure_reference = models.CharField(max_length=24, blank=True, default="", db_default="")  # number of the receipt
    break_glass_allowed = models.BooleanField(default=True)
    emergency_call_allowed = models.BooleanField(default=True)
    masked_in_emergency = models.BooleanField(default=False)
    services = ArrayField(models.CharField(max_length=8), default=first_services, db_default=FIRST_SERVICES)
    emergency_chosen_at = models.DateTimeField(null=True, blank=True)  # None: the switches are those of the start
    new_documents_hidden = models.BooleanField(default=False)  # default confidentiality of the space (ACC-32)
    privacy_chosen_at = models.DateTimeField(null=True, blank=True)

    objects = HealthSpaceQuerySet.as_manager()

    # Annotations of the queryset: `with_rights_of`, then `with_decisions_about`.
    represented_until: datetime | None
    delegated_until: datetime | None
    delegated_sections: dict[str, str] | None
    assisted_until: datetime | None
    consent_until: datetime | None
    is_blocked: bool
    is_administrator: bool

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["closed", "deleted"]) ^ Q(closed_at=None),
                name="spaces_healthspace_closed_has_date",
            ),
            models.CheckConstraint(
                condition=Q(account_activated_at=None) | Q(account_activated_at__gte=models.F("opened_at")),
                name="spaces_healthspace_activated_after_opening",
            ),
            models.UniqueConstraint(
                fields=["closure_reference"],
                condition=~Q(closure_reference=""),
                name="spaces_healthspace_one_closure_a_reference",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN
