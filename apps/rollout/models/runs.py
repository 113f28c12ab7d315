"""Imports of the eligibility file and what they found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7
from apps.rollout.validation.codes import Code, Severity


class ImportRun(models.Model):
    """One reading of an eligibility file (fichier d'éligibilité). Only a trial of the console leaves a row, `TRIAL`.

    `read` is the sum of the four other counts. `reason` says why a run was refused or failed: a code, never a value.
    While it runs the counts are those of the lines taken in so far. `phase`, `next_place` (byte of the file) and
    `next_line` say where a run that was killed goes on (REL-11); `size` is that of the file in bytes.
    """

    class Phase(models.TextChoices):
        """How far a running import is; nothing is written before `APPLYING`."""

        STAGING = "staging", _("reading the file")
        COMPARING = "comparing", _("comparing")
        APPLYING = "applying", _("writing")

    class State(models.TextChoices):
        """A run found in state `running` by the next one was interrupted: the lock tells."""

        RUNNING = "running", _("running")
        DONE = "done", _("done")
        REFUSED = "refused", _("file refused")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")
        TRIAL = "trial", _("trial run")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file_name = models.CharField(max_length=200)  # without its folder
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    phase = models.CharField(max_length=16, choices=Phase.choices, default=Phase.STAGING)
    next_place = models.PositiveBigIntegerField(default=0)
    next_line = models.PositiveIntegerField(default=2)
    staged = models.PositiveIntegerField(default=0)  # lines left to write once they were compared
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    reason = models.CharField(max_length=64, blank=True)
    is_complete = models.BooleanField(default=False, db_default=False)  # who is not in the file is no longer eligible
    read = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    ignored = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    read=models.F("accepted") + models.F("unchanged") + models.F("refused") + models.F("ignored")
                ),
                name="rollout_importrun_counts_agree",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class ImportSlice(models.Model):
    """Staged lines of a run that have been written, from `first_line` on; committed together with them."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="slices", db_index=False)
    first_line = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "first_line"], name="rollout_importslice_written_once")]

    def __str__(self) -> str:
        return str(self.first_line)


class ImportIssue(models.Model):
    """One finding about one line of a file (anomalie). It names line, field and kind; values are not kept (SEC-22).

    `masked` is the shape of the value, without a letter or a digit of it.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="issues", db_index=False)
    line = models.PositiveIntegerField()  # the header is line 1
    field = models.CharField(max_length=24, blank=True)  # column title; empty for the whole line
    code = models.CharField(max_length=24, choices=Code.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    other_line = models.PositiveIntegerField(null=True, blank=True)  # earlier line of the same person
    masked = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["run", "line"], name="rollout_importissue_lines")]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"
