"""What the insurer changed about people, append-only (RO-02)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class PersonChange(models.Model):
    """One line of a file that changed somebody of the register: which fields, never what stood there (SEC-22).

    A table of its own: no state moves, so it is no step of `PersonTransition`, on which the sums of the waves rest. A
    trigger refuses changes; no foreign key, for the speed of the import.
    """

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField()
    run_id = models.UUIDField()
    at = models.DateTimeField()
    fields = ArrayField(models.CharField(max_length=16))  # name, address, death, scheme, number, …

    class Meta:
        indexes = [models.Index(fields=["person_id", "id"], name="rollout_personchange_person")]

    def __str__(self) -> str:
        return ", ".join(self.fields)
