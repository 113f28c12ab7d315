"""The health space itself."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InsIdentity
from apps.common.ids import uuid7
from apps.spaces.querysets import HealthSpaceQuerySet


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

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    identity = models.OneToOneField(InsIdentity, on_delete=models.PROTECT, related_name="space")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    opening_rule = models.CharField(max_length=16, default="SPA-03")
    account_activated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closure_reason = models.CharField(max_length=32, blank=True)
    break_glass_allowed = models.BooleanField(default=True)
    emergency_call_allowed = models.BooleanField(default=True)
    masked_in_emergency = models.BooleanField(default=False)
    new_documents_hidden = models.BooleanField(default=False)  # default confidentiality of the space (ACC-32)

    objects = HealthSpaceQuerySet.as_manager()

    # Annotations of the queryset: `with_rights_of`, then `with_decisions_about`.
    represented_until: datetime | None
    delegated_until: datetime | None
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
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN
