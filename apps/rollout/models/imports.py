"""Files that operators bring for the register: received, tried, confirmed, written (RO-02)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7
from apps.rollout.models.runs import ImportRun
from apps.rollout.models.staff import done_by


class ImportFile(models.Model):
    """One eligibility file on its way into the register (dépôt).

    `path` is its name below the folder of the imports; a file that was uploaded is deleted at the end, one that lies on
    the server stays. `trial` holds counts and findings of the dry run, `run` those of the import. Over one refused line
    in a hundred, or when people are taken out, a second person has to agree (SEC-21). Rows are the truth: the job goes
    on from them after a kill (REL-02).
    """

    class State(models.TextChoices):
        """`TRYING` and `RUNNING` are work for the job; the others wait for people or are over."""

        TRYING = "trying", _("dry run")
        TRIED = "tried", _("to be confirmed")
        ASKED = "asked", _("waits for a second person")
        RUNNING = "running", _("import under way")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        REFUSED = "refused", _("file refused")
        FAILED = "failed", _("failed")
        ABANDONED = "abandoned", _("given up")

    class Source(models.TextChoices):
        """Where the file came from."""

        UPLOAD = "upload", _("uploaded")
        SERVER = "server", _("file of the server")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=8, choices=Source.choices)
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.TRYING)
    reason = models.CharField(max_length=64, blank=True)  # a code: why it was refused, failed or waits
    details = ArrayField(models.CharField(max_length=200), default=list, blank=True)  # titles of columns
    brought_by = done_by()
    brought_at = models.DateTimeField()
    trial = models.OneToOneField(ImportRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    tried_at = models.DateTimeField(null=True, blank=True)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    absent = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    sample = models.JSONField(default=list, blank=True)  # initials, year of birth, department, new or changed
    is_complete = models.BooleanField(default=False)  # who is not in the file is no longer eligible
    confirmed_by = done_by(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    approved_by = done_by(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    run = models.OneToOneField(ImportRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    phase = models.CharField(max_length=12, blank=True)
    phase_at = models.DateTimeField(null=True, blank=True)  # when this phase began, or went on after a stop
    phase_from = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    items_from = models.PositiveBigIntegerField(default=0)
    items = models.PositiveBigIntegerField(default=0)
    progress_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["running", "stopped", "done"])
                | Q(refused__lte=F("read") / 100, is_complete=False)
                | Q(approved_by__isnull=False),
                name="rollout_importfile_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(confirmed_by__isnull=False) & ~Q(approved_by=F("confirmed_by")),
                name="rollout_importfile_approver_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["asked", "running", "done"]) | Q(confirmed_by__isnull=False),
                name="rollout_importfile_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "refused", "failed", "abandoned"]) ^ Q(ended_at=None),
                name="rollout_importfile_ended",
            ),
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(ended_at=None), name="rollout_importfile_one_under_way"
            ),
        ]
        indexes = [
            models.Index(fields=["-brought_at", "-id"], name="rollout_importfile_latest"),
            models.Index(fields=["id"], name="rollout_importfile_work", condition=Q(state__in=["trying", "running"])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def needs_second_person(self) -> bool:
        """Over one line in a hundred was refused, or people leave the register."""
        return self.is_complete or self.refused * 100 > self.read

    @property
    def is_at_work(self) -> bool:
        return self.state in {self.State.TRYING, self.State.RUNNING}

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None
