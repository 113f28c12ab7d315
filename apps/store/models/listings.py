"""Referenced services: the catalogue, what is reported, what is declared (STO-01, STO-70 to STO-88)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from apps.common.ids import uuid7
from apps.store.models.candidacies import Candidacy, Service
from apps.store.models.commission import AgendaItem
from apps.store.models.decisions import Agreement, Decision
from apps.store.models.publishers import Publisher
from apps.store.models.waiting import Waiting, done_by, waits_as_the_table_says
from apps.store.querysets import ListingQuerySet
from apps.store.states import LISTING, Event, ListingStatus, Queue
from apps.store.states.listing import MAY_REST, OVER


class Listing(Waiting):
    """A service in the catalogue. It cannot exist without three dated records of its dossier: opinion, decision,
    agreement signed by three (STO-01): columns, constraints and a trigger.

    `candidacy`: the dossier its present page comes from. `controlled_on`: last round of checks in
    which each answered; `checked_round`: number of the last one of that dossier that ended. `effect_on`: of a planned
    withdrawal. `precaution_until`: end of a suspension as a precaution.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="listing")
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="listings")
    candidacy = models.OneToOneField(Candidacy, on_delete=models.PROTECT, related_name="listing")
    opinion = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    opinion_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    signed_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=ListingStatus.choices, default=ListingStatus.PUBLISHED)
    published_at = models.DateTimeField()
    controlled_on = models.DateField()
    checked_round = models.PositiveIntegerField(default=0)
    check_weekday = models.PositiveSmallIntegerField()  # 0 Monday: weekly checks are spread over the week
    declared_on = models.DateField()  # last yearly declaration, the publication at first
    agreement_ends_on = models.DateField()
    effect_on = models.DateField(null=True, blank=True)
    precaution_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            *waits_as_the_table_says(LISTING.waits(), may_rest=tuple(MAY_REST), name="store_listing"),
            models.CheckConstraint(
                condition=Q(published_at__gte=F("opinion_at"))
                & Q(published_at__gte=F("decided_at"))
                & Q(published_at__gte=F("signed_at")),
                name="store_listing_published_after_all_three",
            ),
            models.CheckConstraint(condition=Q(check_weekday__lte=6), name="store_listing_checked_on_a_day"),
            models.CheckConstraint(
                condition=~Q(status="retrait_programme") | Q(effect_on__isnull=False),
                name="store_listing_leaves_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="retire") | Q(ended_at__isnull=False), name="store_listing_ended_has_hour"
            ),
        ]
        indexes = [
            models.Index(fields=["wakes_at", "id"], condition=Q(wakes_at__isnull=False), name="store_listing_wakes"),
            models.Index(fields=["queue", "due_at", "id"], condition=~Q(queue=""), name="store_listing_waiting"),
            models.Index(fields=["status", "id"], name="store_listing_status"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def goes(self) -> bool:
        """It has left, or leaves on a day; one that was suspended meanwhile keeps its day."""
        return self.status in OVER or self.effect_on is not None


class ListingEvent(models.Model):
    """One line of the history of a listing, append-only by a trigger (STO-81); columns as in `CandidacyEvent`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=20, choices=Event.choices)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    by = models.CharField(max_length=12)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()
    rule = models.CharField(max_length=16, blank=True)
    queue = models.CharField(max_length=16, choices=Queue.choices, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    snapshot_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "sequence"], name="store_listingevent_one_a_number")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Declaration(models.Model):
    """Yearly declaration of the publisher: nothing changed, or what changed (STO-43)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="declarations")
    year = models.PositiveSmallIntegerField()
    is_unchanged = models.BooleanField()
    text = models.TextField(blank=True)
    declared_by = done_by()
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "year"], name="store_declaration_one_a_year"),
            models.CheckConstraint(
                condition=Q(is_unchanged=True) | ~Q(text=""), name="store_declaration_change_has_words"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Report(models.Model):
    """A problem that somebody reports about a service (STO-46, ST-06, RV-10): never shown with its reporter.

    `due_at`: of the triage, then of the answer; empty once closed.
    """

    class Kind(models.TextChoices):
        DATA = "donnees", pgettext_lazy("report", "data used otherwise")
        SECURITY = "securite", pgettext_lazy("report", "security")
        CONTENT = "contenu_medical", pgettext_lazy("report", "medical content that is wrong")
        PRICE = "prix", pgettext_lazy("report", "price or advertising")
        ACCESSIBILITY = "accessibilite", pgettext_lazy("report", "not accessible")
        OTHER = "autre", pgettext_lazy("report", "something else")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("report", "received")
        TRIAGED = "triaged", pgettext_lazy("report", "under examination")
        CLOSED = "closed", pgettext_lazy("report", "closed")

    class Outcome(models.TextChoices):
        FOUNDED = "founded", pgettext_lazy("report", "founded, passed to the publisher")
        UNFOUNDED = "unfounded", pgettext_lazy("report", "not founded")
        ELSEWHERE = "elsewhere", pgettext_lazy("report", "for another body")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=12, unique=True)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    text = models.TextField(max_length=2000)
    reporter = done_by(null=True, blank=True)  # None: somebody without sign-in
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECEIVED)
    due_at = models.DateTimeField(null=True, blank=True)
    is_urgent = models.BooleanField(default=False)  # data and security: the same day
    handled_by = done_by(null=True, blank=True)
    triaged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True)  # to the reporter
    note = models.TextField(blank=True)  # to the publisher, without the reporter

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed") ^ Q(closed_at=None), name="store_report_closed_has_hour"
            ),
            models.CheckConstraint(
                condition=Q(state="closed") ^ Q(due_at__isnull=False), name="store_report_due_while_open"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="store_report_has_words"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=~Q(state="closed"), name="store_report_open"),
        ]

    def __str__(self) -> str:
        return self.number
