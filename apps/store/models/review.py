"""What people judge: admissibility, verdicts, requests, messages (STO-29, STO-50 to STO-57)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.common.ids import uuid7
from apps.store.models.candidacies import Candidacy
from apps.store.models.waiting import done_by


class AdmissibilityItem(models.Model):
    """One line of the desk's list (RV-14): yes, or no with what is missing. `item`: code of `reasons.ADMISSIBILITY`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="admissibility")
    item = models.CharField(max_length=24)
    is_met = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)
    by = done_by()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "item"], name="store_admissibilityitem_once"),
        ]

    def __str__(self) -> str:
        return self.item


class Judgement(models.Model):
    """Verdict about one criterion (STO-29): every version is kept, one is current.

    `note` goes to the publisher and always belongs to the criterion (L10); `internal` never leaves the back office.
    `by_timeout`: a request without answer (STO-56).
    """

    class Verdict(models.TextChoices):
        CONFORM = "conforme", _("compliant")
        RESERVATION = "reserve", _("compliant with a reservation")
        NOT_CONFORM = "non_conforme", _("not compliant")
        NOT_APPLICABLE = "sans_objet", _("not applicable")
        INCOMPLETE = "a_completer", _("to be completed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="judgements")
    criterion = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    note = models.TextField(blank=True)
    internal = models.TextField(blank=True)
    reason = models.CharField(max_length=40, blank=True)  # canned reason it began with
    by = done_by()
    by_timeout = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "criterion", "version"], name="store_judgement_one_a_version"),
            models.UniqueConstraint(
                fields=["candidacy", "criterion"], condition=Q(is_current=True), name="store_judgement_one_is_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.verdict}"


class Request(models.Model):
    """What the publisher is asked to bring (STO-51, STO-55): missing pieces by the desk, complements by the assessor.

    `reminded`: days before the end that were told already.
    """

    class Kind(models.TextChoices):
        MISSING = "missing", _("missing pieces")
        COMPLEMENT = "complement", _("complements")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    round = models.PositiveSmallIntegerField()
    text = models.TextField()
    days = models.PositiveSmallIntegerField()
    asked_by = done_by()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_by = done_by(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    timed_out_at = models.DateTimeField(null=True, blank=True)
    reminded = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy"],
                condition=Q(answered_at=None, timed_out_at=None),
                name="store_request_one_open_a_candidacy",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_by__isnull=False), name="store_request_answered_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class RequestItem(models.Model):
    """One thing asked for: a criterion, or a line of the desk's list; and what the publisher says."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="items")
    criterion = models.CharField(max_length=12, blank=True)
    item = models.CharField(max_length=24, blank=True)
    text = models.TextField()
    answer = models.TextField(blank=True)
    evidence_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    answered_by = done_by(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(criterion="") ^ Q(item=""), name="store_requestitem_is_about_one_thing"),
            models.UniqueConstraint(fields=["request", "criterion", "item"], name="store_requestitem_once"),
        ]

    def __str__(self) -> str:
        return self.criterion or self.item


class Message(models.Model):
    """One message of the thread of a dossier (PU-09): publisher and those to whom the dossier belongs alone (L11)."""

    class Side(models.TextChoices):
        PUBLISHER = "editeur", _("publisher")
        REVIEW = "instruction", pgettext_lazy("side", "assessment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=12, choices=Side.choices)
    author = done_by()
    criterion = models.CharField(max_length=12, blank=True)
    text = models.TextField()
    evidence_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)  # by the other side

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="store_message_has_words")]
        indexes = [models.Index(fields=["candidacy", "at", "id"], name="store_message_thread")]

    def __str__(self) -> str:
        return str(self.id)


class Reservation(models.Model):
    """One reservation of the commission (STO-41): a suspensive one is lifted before publication, another has a date."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="reservations")
    criterion = models.CharField(max_length=12, blank=True)
    text = models.TextField()
    is_suspensive = models.BooleanField()
    due_on = models.DateField()
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    evidence_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    answered_by = done_by(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    lifted_by = done_by(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)  # an appeal has opened the dossier anew
    late_at = models.DateTimeField(null=True, blank=True)  # the desk was told that its day has passed

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_by=None, lifted_at=None)
                | Q(lifted_by__isnull=False, lifted_at__isnull=False, answered_at__isnull=False),
                name="store_reservation_lifted_on_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None) | ~Q(lifted_by=F("answered_by")), name="store_reservation_lifted_by_another"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
