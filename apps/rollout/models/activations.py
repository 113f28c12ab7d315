"""Activations under way: a row, so that people may stop and go on later (S-08, SPA-08, SPA-11)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InsIdentity
from apps.common.ids import uuid7
from apps.rollout.models.notices import NoticeCode
from apps.rollout.models.oppositions import Capacity
from apps.rollout.models.people import EligiblePerson

KEPT = timedelta(days=30)  # pages.md S-08: « save and resume 30 days »


class Activation(models.Model):
    """What one reader has done so far to activate the space of one person. Nothing has happened before `finished_at`.

    `by`: the representative who acts, None for the person themselves. `user`: who takes it up again, known once they
    have signed in; without it only the browser that typed the code sees the row. `code`: the code of the notice, when
    that was the proof. `mail` waits for the code that went there; `mail_hash` is the hash of that code.
    """

    class Outcome(models.TextChoices):
        """How it ended."""

        ACTIVE = "active", _("space open and activated")
        ASKED = "asked", _("opening asked for")
        CONFLICT = "conflict", _("held: representatives who contradict each other")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(EligiblePerson, on_delete=models.PROTECT, related_name="activations")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    by = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.ForeignKey(NoticeCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mail = models.EmailField(blank=True)
    mail_hash = models.CharField(max_length=128, blank=True)
    mail_sent_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "by"],
                condition=Q(finished_at=None),
                name="rollout_activation_one_under_way",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(capacity="self") ^ Q(by__isnull=False), name="rollout_activation_representative_is_named"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) ^ ~Q(outcome=""), name="rollout_activation_finished_has_outcome"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="rollout_activation_ends_later"),
        ]

    def __str__(self) -> str:
        return str(self.id)
