"""Waves: who is written to when, decided by one person and approved by another (ROL-12, decisions.md 38)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.common.ids import uuid7
from apps.rollout.models.staff import done_by
from apps.spaces.perimeter import Service


class Wave(models.Model):
    """People of some criteria who get their notices together (vague).

    A person stands in one wave at most (`EligiblePerson.wave`), from its approval on. An empty list of criteria lets
    everybody in. `people`: how many were taken in at the approval. `services` is the perimeter that the spaces of this
    wave open with. Two people start it, two let it open (SEC-21): author and approver, asker and approver of the
    opening.
    """

    class Stage(models.TextChoices):
        """The pilot's figures are kept apart (decisions.md 38)."""

        PILOT = "pilot", _("pilot")
        GENERAL = "general", _("generalisation")

    class State(models.TextChoices):
        """RO-04: brouillon → approuvée → notices en cours → délai → ouverture → close."""

        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("approved")
        NOTIFYING = "notifying", _("notices under way")
        WINDOW = "window", pgettext_lazy("wave", "six weeks running")
        OPENING = "opening", _("opening")
        CLOSED = "closed", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    # Between the approval and the end: it may send, open, be paused or stopped.
    RUNNING: ClassVar = (State.APPROVED, State.NOTIFYING, State.WINDOW, State.OPENING)

    class Channels(models.TextChoices):
        """How notices of the wave go out (SPA-02)."""

        AS_WISHED = "as-wished", _("e-mail where there is an address, post otherwise")
        POST = "post", _("post for everybody")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=80)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.PILOT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    departments = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    schemes = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    situations = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    born_from = models.DateField(null=True, blank=True)  # first birth date, included
    born_until = models.DateField(null=True, blank=True)  # last birth date, included
    at_most = models.PositiveIntegerField(null=True, blank=True)
    is_continuous = models.BooleanField(default=False)  # takes in later arrivals every day, never ends (SPA-13)
    services = ArrayField(models.CharField(max_length=8, choices=Service.choices), default=list)
    channels = models.CharField(max_length=12, choices=Channels.choices, default=Channels.AS_WISHED)
    first_send_on = models.DateField()
    mails_a_day = models.PositiveIntegerField()
    letters_a_day = models.PositiveIntegerField()
    people = models.PositiveIntegerField(default=0)
    author = done_by()
    created_at = models.DateTimeField()
    approver = done_by(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)  # its people were taken in; None after a change
    opening_asked_by = done_by(null=True, blank=True)
    opening_asked_at = models.DateTimeField(null=True, blank=True)
    opening_approved_by = done_by(null=True, blank=True)
    opening_approved_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)  # no new sending; windows go on (ROL-12)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("author")), name="rollout_wave_author_is_not_approver"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(approver__isnull=False, approved_at__isnull=False),
                name="rollout_wave_runs_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(opening_approved_by=None)
                | Q(opening_asked_by__isnull=False) & ~Q(opening_approved_by=F("opening_asked_by")),
                name="rollout_wave_two_people_open",
            ),
            models.CheckConstraint(
                condition=Q(state="closed") ^ Q(closed_at=None), name="rollout_wave_closed_has_hour"
            ),
            models.CheckConstraint(
                condition=Q(born_from=None) | Q(born_until=None) | Q(born_from__lte=F("born_until")),
                name="rollout_wave_births_in_order",
            ),
            models.CheckConstraint(
                condition=Q(mails_a_day__gt=0) | Q(letters_a_day__gt=0), name="rollout_wave_sends_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def may_open(self) -> bool:
        """Whether two people let its spaces open."""
        return self.opening_approved_by_id is not None


class WaveEvent(models.Model):
    """What happened to a wave, append-only (ROL-20). `actor`: id of a user or name of a job; `facts`: counts, codes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)  # created, changed, approved, paused, resumed, state, opening-asked, …
    actor = models.CharField(max_length=64)
    rule = models.CharField(max_length=16, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["wave", "-at", "-id"], name="rollout_waveevent_timeline")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class StopOrder(models.Model):
    """The big stop of one wave, or of everything: jobs read it inside each batch (RO-08, REL-10).

    It stands until somebody else than the one who asked for the restart confirms it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, null=True, blank=True, related_name="stops")
    reason = models.CharField(max_length=500)
    ordered_by = done_by()
    ordered_at = models.DateTimeField()
    restart_reason = models.CharField(max_length=500, blank=True)
    restart_asked_by = done_by(null=True, blank=True)
    restart_asked_at = models.DateTimeField(null=True, blank=True)
    lifted_by = done_by(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_by=None)
                | Q(restart_asked_by__isnull=False) & ~Q(lifted_by=F("restart_asked_by")) & ~Q(restart_reason=""),
                name="rollout_stoporder_two_people_restart",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None) & Q(lifted_at=None) | Q(lifted_by__isnull=False, lifted_at__isnull=False),
                name="rollout_stoporder_lifted_has_hour",
            ),
            models.UniqueConstraint(
                fields=["wave"],
                condition=Q(lifted_at=None),
                name="rollout_stoporder_one_a_wave",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
