"""Figures that take too long to be counted for each reader: a job counts them, pages read them."""

from __future__ import annotations

from django.db import models


class KeptFigures(models.Model):
    """The last count of one kind, with its hour. `rows` are those of the statement, as lists; no person is named."""

    class Kind(models.TextChoices):
        """What was counted; the words are those of `apps.rollout.figures.counting`."""

        STANDINGS = "standings", "standings"
        NOTICES = "notices", "notices"
        DAYS = "days", "days"
        GROUPS = "groups", "groups"
        DELAYS = "delays", "delays"
        OUTCOMES = "outcomes", "outcomes"
        DIFFERENCES = "differences", "differences"

    kind = models.CharField(max_length=12, choices=Kind.choices, primary_key=True)
    made_at = models.DateTimeField()
    rows = models.JSONField()

    def __str__(self) -> str:
        return self.kind
