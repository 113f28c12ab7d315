"""People who work for the operator, and what for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7


class StaffRole(models.TextChoices):
    """What a member of the staff does; a page asks for one of them, several may be held."""

    OPERATOR = "operator", _("roll-out operator")
    APPROVER = "approver", _("second person of the roll-out")
    SUPPORT = "support", _("support")
    PLATFORM = "platform", _("platform")
    ASSESSOR = "assessor", _("assessor of services")
    DESK = "desk", _("desk of the store of services")
    PRIVACY = "privacy", _("data-protection check of services")
    SECRETARIAT = "secretariat", _("secretariat of the commission")
    MEMBER = "member", _("member of the commission")
    DELEGATE = "delegate", _("minister's delegate")
    APPEALS = "appeals", _("officer for appeals")


class StaffMembership(models.Model):
    """One role of one person, from `started_at` until `ended_at`, None while it runs. Ended rows are kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_memberships")
    role = models.CharField(max_length=16, choices=StaffRole)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="accounts_staffmembership_one_running_a_role",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("started_at")),
                name="accounts_staffmembership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
