"""Lists of people that leave the console: asked for by one person, let go by another (SEC-20, RO-03)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7
from apps.rollout.models.staff import done_by


class ExportRequest(models.Model):
    """A list that somebody asks for (demande d'export): `filters` of the population page, and why.

    The file is made when it is fetched, within a day after the approval, and is kept nowhere here. `rows`: how many
    people met the filters when it was asked for; `fetched` counts the files that left.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a second person")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    filters = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    rows = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_by = done_by()
    asked_at = models.DateTimeField()
    decided_by = done_by(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    fetched = models.PositiveSmallIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="rollout_exportrequest_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("asked_by")), name="rollout_exportrequest_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state="approved") ^ Q(ends_at=None), name="rollout_exportrequest_approved_ends"
            ),
            models.CheckConstraint(
                condition=Q(fetched=0) | Q(state="approved"), name="rollout_exportrequest_fetched_when_approved"
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="rollout_exportrequest_latest")]

    def __str__(self) -> str:
        return str(self.id)
