"""Outbox of the store: mails to publishers and to the back office, written with the act they tell of (STO-81)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.common.ids import uuid7
from apps.store.models.waiting import done_by


class Mail(models.Model):
    """One mail to one person. `key`: the act it tells of, so that no act is told twice (REL-01).

    `template`: one for each outcome (L6). `facts`: numbers, codes, dates and the name of the service.
    """

    class State(models.TextChoices):
        DUE = "due"
        SENT = "sent"
        DROPPED = "dropped"  # no address, or refused for good

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = done_by()
    key = models.CharField(max_length=120)
    template = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="store_mail_once"),
            models.CheckConstraint(condition=Q(state="sent") ^ Q(sent_at=None), name="store_mail_sent_has_hour"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(state="due"), name="store_mail_due")]

    def __str__(self) -> str:
        return f"{self.template} {self.key}"
