"""What dossiers and listings have in common: a state, and at most one person who is waited for (STO-83)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.store.states import Queue


def done_by(**options: Any) -> models.ForeignKey[Any, Any]:  # noqa: ANN401  options of a field
    """Somebody who did something; nobody of them can be deleted."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class Waiting(models.Model):
    """State of a workflow: only `apps.store.transitions` writes these columns.

    `sequence`: number of the last event, seen by forms so that a stale page changes nothing. `queue` with `due_at`:
    the one human who is waited for and until when, both empty while none is. `wakes_at`: when the hourly sweep looks
    at the row next; no deadline of anybody. `reasons`: codes of why a human has to look (L2: kept one by one).
    """

    status_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)
    queue = models.CharField(max_length=16, choices=Queue.choices, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    waits_since = models.DateTimeField(null=True, blank=True)
    wakes_at = models.DateTimeField(null=True, blank=True)
    reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    assignee = done_by(null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def waits(self) -> bool:
        """Whether a human is waited for."""
        return bool(self.queue)


def waits_as_the_table_says(
    waits: Mapping[Any, Sequence[Queue]], *, may_rest: Sequence[Any], name: str
) -> list[models.CheckConstraint]:
    """A queue of the state and a due date together, or neither: `machine.waits()` as constraints of the table."""
    fitting = Q()
    for status, queues in waits.items():
        values = [queue.value for queue in queues]
        if not queues or status in may_rest:
            values.append("")
        fitting |= Q(status=status.value, queue__in=values)
    return [
        models.CheckConstraint(condition=fitting, name=f"{name}_waits_for_the_right_one"),
        models.CheckConstraint(
            condition=Q(queue="", due_at=None, waits_since=None)
            | ~Q(queue="") & Q(due_at__isnull=False, waits_since__isnull=False),
            name=f"{name}_due_when_waiting",
        ),
        models.CheckConstraint(
            condition=Q(assignee=None, assigned_at=None) | Q(assignee__isnull=False, assigned_at__isnull=False),
            name=f"{name}_assigned_since",
        ),
    ]
