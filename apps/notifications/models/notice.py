from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.common.ids import uuid7
from apps.notifications.kinds import Kind
from apps.notifications.models.mail import OutgoingMail
from apps.notifications.querysets import NoticeQuerySet


class Notice(models.Model):
    """One line of somebody's centre of notices: what happened and when, in ids, codes and counts (NOT-01, NOT-15).

    `document_ids` names what it tells of: whoever may see none of them any more has no such notice (SEC-05). `mail` is
    the mail that tells of it, alone or with others. `in_centre`: their reader wants it there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    space_id = models.UUIDField(null=True, blank=True)
    key = models.CharField(max_length=200)
    at = models.DateTimeField()
    document_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    in_centre = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey(OutgoingMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notifications_notice_one_a_key"),
        ]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notifications_notice_centre"),
            models.Index(fields=["user", "space_id"], name="notifications_notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
