"""The trail of acts. Reached only through `apps.audit.services` (import-linter: protected)."""

from __future__ import annotations

from typing import NoReturn

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7


class AppendOnlyError(Exception):
    """Lines of the trail are written once; the database refuses as well (SEC-13)."""


class AppendOnly(models.Model):
    """Rows that are written once, by this model, by a trigger and by the rights of the application's role (SEC-13)."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise AppendOnlyError(self.pk)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise AppendOnlyError(self.pk)


class AuditEvent(AppendOnly):
    """One act: who, when, what, on which row, by which rule, with which outcome (trace d'accès, IDN-50 to IDN-53).

    `scope_id` is a space, an organisation or the platform. Ids are copied, no foreign key: a line outlives its subject.
    No name, no INS, no title, no medical content.
    """

    class Outcome(models.TextChoices):
        """What became of the act; denials are traced too (IDN-53)."""

        PERMITTED = "permit", _("permitted")
        DENIED = "deny", _("denied")

    pk = models.CompositePrimaryKey("scope_id", "id")
    scope_id = models.UUIDField()
    id = models.UUIDField(default=uuid7, editable=False)
    at = models.DateTimeField()
    action = models.CharField(max_length=64)  # app.noun.verb
    actor_role = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, blank=True)  # user id, IdNat of a professional, or name of a job
    organisation_id = models.CharField(max_length=32, blank=True)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=16)
    reason = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.PERMITTED)
    rule = models.CharField(max_length=64, blank=True)
    target = models.CharField(max_length=80, blank=True)  # `document:<uuid>`
    level = models.CharField(max_length=8, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)  # counts, codes and versions only

    class Meta:
        indexes = [
            models.Index(fields=["scope_id", "-at", "-id"], name="audit_event_timeline"),
            models.Index(fields=["scope_id", "target", "action"], name="audit_event_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.id}"


class UnsealedLine(models.Model):
    """A line that waits for its seal; a trigger writes it with the line, so that late commits are not missed."""

    scope_id = models.UUIDField()
    line_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.line_id)


class AuditSeal(AppendOnly):
    """Place of one line in the chain of its scope, and the MAC over the line and the MAC before it (sceau, SEC-13)."""

    pk = models.CompositePrimaryKey("scope_id", "seq")
    scope_id = models.UUIDField()
    seq = models.BigIntegerField()  # 1, 2, 3… without a hole
    line_id = models.UUIDField()
    prev = models.BinaryField()
    mac = models.BinaryField()
    key_version = models.SmallIntegerField()  # year of the key
    form = models.SmallIntegerField()  # version of the serialisation
    checkpoint = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope_id", "line_id"], name="audit_auditseal_one_a_line"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_auditseal_counts_from_one"),
        ]
        # Rows of one checkpoint lie together on disk: a few kilobytes instead of a tree.
        indexes = [BrinIndex(fields=["checkpoint"], name="audit_auditseal_checkpoint", autosummarize=True)]

    def __str__(self) -> str:
        return f"{self.scope_id} {self.seq}"


class AuditCheckpoint(AppendOnly):
    """One batch of the sealer. `digest` is that of the heads it left, as exported; the rows are a chain too."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    lines = models.IntegerField()
    total = models.BigIntegerField()  # seals of the whole trail up to here
    digest = models.BinaryField()
    prev = models.BinaryField()
    mac = models.BinaryField()
    key_version = models.SmallIntegerField()

    def __str__(self) -> str:
        return str(self.number)
