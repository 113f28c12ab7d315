"""Every step of every person, append-only (ROL-20)."""

from __future__ import annotations

from django.db import models


class PersonTransition(models.Model):
    """One step of spaces-and-identity.md 2.3. `actor`: id of a user, `web` for a reader with a code, or a job's name.

    A trigger refuses changes. No foreign key: one check a row would slow the opening of millions.
    """

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField()
    wave_id = models.UUIDField(null=True)
    from_state = models.CharField(max_length=24)
    to_state = models.CharField(max_length=24)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, blank=True)
    rule = models.CharField(max_length=16)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "id"], name="rollout_transition_person")]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
