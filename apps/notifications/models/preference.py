from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.common.ids import uuid7
from apps.notifications.kinds import Channel, Frequency, Kind


class Preference(models.Model):
    """How somebody wants to be told of a kind by a channel; without a row it is told at once by both (NOT-06)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    frequency = models.CharField(max_length=8, choices=Frequency.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="notifications_preference_one_a_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.frequency}"
