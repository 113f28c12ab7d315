from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.common.ids import uuid7
from apps.rollout.models.notices import Notice


class TrialRequest(models.Model):
    """An operator wants to read a notice in their own mailbox (RO-05), until the mail is tried: whoever takes the row
    away sends it, so that it is sent once. `voice`: who reads about whom (`apps.rollout.texts.Voice`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Notice.Kind.choices)
    voice = models.CharField(max_length=16)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
