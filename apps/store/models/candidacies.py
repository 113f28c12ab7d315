"""Dossiers of candidacy (STO-47 to STO-69, PU-03 to PU-07)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.common.ids import uuid7
from apps.store.models.publishers import Publisher
from apps.store.models.waiting import Waiting, done_by, waits_as_the_table_says
from apps.store.querysets import CandidacyQuerySet
from apps.store.states import DOSSIER, Event, Queue, Status
from apps.store.states.dossier import ENDED


class Service(models.Model):
    """A service of a publisher, before and after it is referenced; one name a publisher (S32)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=80)
    folded_name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=100, unique=True)
    domain_token = models.CharField(max_length=40)  # what its domain must show (STO-109)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publisher", "folded_name"], name="store_service_one_name_a_publisher")
        ]

    def __str__(self) -> str:
        return self.name


class Candidacy(Waiting):
    """One dossier (candidature). `orientation`: answers that decide which criteria apply (STO-28).

    `referential`: version of the criteria, kept from the beginning on (STO-33). `is_lifted`: suspensive reservations
    are lifted. `appealed_from`: state that an appeal is about. The three readers are three people (STO-19).
    """

    class Kind(models.TextChoices):
        INITIAL = "initiale", _("first referencing")
        AMENDMENT = "avenant", _("amendment")
        RENEWAL = "renouvellement", _("renewal")

    class ServiceKind(models.TextChoices):
        """STO-21."""

        INSTITUTIONAL = "public_institutionnel", _("public or institutional service")
        HOSPITAL_PORTAL = "portail_etablissement", _("patient portal of an establishment")
        FOLLOW_UP = "suivi", _("medical or medico-social follow-up")
        TELECONSULTATION = "rdv_teleconsultation", _("appointments and teleconsultation")
        PREVENTION = "prevention", pgettext_lazy("service", "prevention")
        DEVICE = "objet_connecte", _("connected device")
        MEDICINES = "medicament", pgettext_lazy("service", "medicines")
        WELLNESS = "bien_etre", pgettext_lazy("service", "well-being")

    class Exchange(models.TextChoices):
        """STO-22; never for wellness (STO-07)."""

        NONE = "none", _("no exchange of data")
        READ = "read", _("reads data of the space")
        WRITE = "write", _("adds data to the space")
        READ_WRITE = "read_write", _("reads and adds data")

    class Lane(models.TextChoices):
        ORDINARY = "ordinaire", pgettext_lazy("lane", "ordinary")
        REIMBURSED = "rembourse", pgettext_lazy("lane", "reimbursed service (STO-24)")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=12, unique=True)  # 2026-0147
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="candidacies")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="candidacies")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.INITIAL)
    service_kind = models.CharField(max_length=24, choices=ServiceKind.choices)
    exchange = models.CharField(max_length=12, choices=Exchange.choices, default=Exchange.NONE)
    lane = models.CharField(max_length=12, choices=Lane.choices, default=Lane.ORDINARY)
    referential = models.CharField(max_length=12)
    orientation = models.JSONField(default=dict)
    oriented_by = done_by(null=True, blank=True)
    oriented_at = models.DateTimeField(null=True, blank=True)
    created_by = done_by()
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()  # last act of the publisher, for the purge of idle drafts
    submitted_by = done_by(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)  # of what was declared (STO-10)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    rounds = models.PositiveSmallIntegerField(default=0)  # of complements, three at most (STO-55)
    desk_officer = done_by(null=True, blank=True)
    assessor = done_by(null=True, blank=True)
    second_reader = done_by(null=True, blank=True)
    second_read_at = models.DateTimeField(null=True, blank=True)
    privacy_reader = done_by(null=True, blank=True)
    privacy_checked_at = models.DateTimeField(null=True, blank=True)
    is_lifted = models.BooleanField(default=False)
    appealed_from = models.CharField(max_length=20, choices=Status.choices, blank=True)

    objects = CandidacyQuerySet.as_manager()

    class Meta:
        constraints = [
            *waits_as_the_table_says(DOSSIER.waits(), may_rest=(), name="store_candidacy"),
            models.UniqueConstraint(
                fields=["service"],
                condition=~Q(status__in=[status.value for status in ENDED]),
                name="store_candidacy_one_open_a_service",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["brouillon", "abandonne"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="store_candidacy_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(second_reader=None) | Q(assessor__isnull=False) & ~Q(second_reader=F("assessor")),
                name="store_candidacy_second_reader_is_another",
            ),
            models.CheckConstraint(
                condition=Q(privacy_reader=None)
                | ~Q(privacy_reader=F("assessor")) & ~Q(privacy_reader=F("second_reader")),
                name="store_candidacy_privacy_reader_is_a_third",
            ),
            models.CheckConstraint(
                condition=~Q(service_kind="bien_etre") | Q(exchange="none"), name="store_candidacy_wellness_never_reads"
            ),
            models.CheckConstraint(condition=Q(rounds__lte=3), name="store_candidacy_three_rounds_at_most"),
            models.CheckConstraint(
                condition=Q(status="recours") ^ Q(appealed_from=""), name="store_candidacy_appeal_has_its_state"
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "due_at", "id"], condition=~Q(queue=""), name="store_candidacy_waiting"),
            models.Index(fields=["wakes_at", "id"], condition=Q(wakes_at__isnull=False), name="store_candidacy_wakes"),
            models.Index(fields=["publisher", "-created_at"], name="store_candidacy_publisher"),
        ]

    def __str__(self) -> str:
        return self.number


class CandidacyEvent(models.Model):
    """One line of the history of a dossier, append-only by a trigger (STO-81).

    `actor`: id of a user, or name of a job. `rule`: line of the table that allowed it. `facts`: codes and counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=20, choices=Event.choices)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    by = models.CharField(max_length=12)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()
    rule = models.CharField(max_length=16, blank=True)
    queue = models.CharField(max_length=16, choices=Queue.choices, blank=True)  # who is waited for afterwards
    due_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    snapshot_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "sequence"], name="store_candidacyevent_one_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class ClockInterval(models.Model):
    """A time during which the clock of the assessment ran (STO-82); `stopped_at` None: it runs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="clock")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy"], condition=Q(stopped_at=None), name="store_clockinterval_one_runs"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")), name="store_clockinterval_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CandidacyStep(models.Model):
    """One automatic check of a dossier on one target, with its tries and its result (architecture 3.6).

    `round`: 0 on demand in a draft, then counted up with each submission, change and week. A step is due while it is
    `DUE` and `due_at` is over, or `RUNNING` with a lease that is over: its worker died (S36).
    """

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("check", "waiting")
        RUNNING = "running", pgettext_lazy("check", "running")
        DONE = "done", pgettext_lazy("check", "finished")
        PARKED = "parked", pgettext_lazy("check", "given up for now")  # an error of ours, after all tries (L22)

    class Outcome(models.TextChoices):
        PASS = "pass", pgettext_lazy("check", "passed")
        FAIL = "fail", pgettext_lazy("check", "failed")
        FLAG = "flag", pgettext_lazy("check", "to be seen by a person")
        ERROR = "error", pgettext_lazy("check", "could not be done")
        SKIPPED = "skipped", pgettext_lazy("check", "not done here")

    class Cause(models.TextChoices):
        DEMAND = "demand", _("asked for")
        SUBMISSION = "submission", _("dossier sent")
        CHANGE = "change", _("answer changed")
        WEEKLY = "weekly", _("weekly control")
        PUBLICATION = "publication", _("before publication")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=24)  # code of a check
    target = models.CharField(max_length=2000, blank=True)
    round = models.PositiveIntegerField(default=0)
    cause = models.CharField(max_length=12, choices=Cause.choices)
    asked_by = done_by(null=True, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    attempt = models.PositiveSmallIntegerField(default=0)  # tries that began, also those of workers that died
    errors = models.PositiveSmallIntegerField(default=0)  # tries that ended in one
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    measured = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    rule_version = models.PositiveSmallIntegerField(default=1)
    contested = models.TextField(blank=True)  # the publisher's words against the result (L18)
    contested_at = models.DateTimeField(null=True, blank=True)
    contested_by = done_by(null=True, blank=True)
    override = models.CharField(max_length=8, choices=Outcome.choices, blank=True)  # what people made of it
    override_reason = models.TextField(blank=True)
    override_by = done_by(null=True, blank=True)
    override_confirmed_by = done_by(null=True, blank=True)  # a security check needs a second person (RV-05)
    override_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "round", "kind", "target"], name="store_candidacystep_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "parked"]) ^ Q(finished_at=None),
                name="store_candidacystep_finished_has_hour",
            ),
            models.CheckConstraint(
                condition=Q(state="done") ^ Q(outcome=""), name="store_candidacystep_done_has_outcome"
            ),
            models.CheckConstraint(
                condition=Q(state="running") ^ Q(leased_until=None), name="store_candidacystep_running_is_leased"
            ),
            models.CheckConstraint(
                condition=Q(override_confirmed_by=None) | ~Q(override_confirmed_by=F("override_by")),
                name="store_candidacystep_two_people_override",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="due"), name="store_candidacystep_due"),
            models.Index(fields=["leased_until", "id"], condition=Q(state="running"), name="store_step_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class ReviewerTie(models.Model):
    """A link of a member of the staff to a company, known beforehand: excluded from its dossiers (STO-18, S33)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = done_by()
    siren = models.CharField(max_length=9)
    kind = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    sirens_of_group = ArrayField(models.CharField(max_length=9), default=list, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "siren"], name="store_reviewertie_person")]

    def __str__(self) -> str:
        return str(self.id)


class ConflictDeclaration(models.Model):
    """What somebody declares about a publisher before the first opening of its dossier (RV-03, SEC-21)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="conflicts")
    user = done_by()
    has_link = models.BooleanField()
    kind = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "user"], name="store_conflictdeclaration_one_a_person"),
            models.CheckConstraint(
                condition=Q(has_link=False) | ~Q(kind=""), name="store_conflictdeclaration_link_has_words"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
