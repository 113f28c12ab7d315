"""The commission of referencing: seats, sessions, votes, opinions (STO-17, STO-18, STO-41, RV-13)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.common.ids import uuid7
from apps.store.models.candidacies import Candidacy
from apps.store.models.waiting import done_by


class CommissionMember(models.Model):
    """One of nine seats, for two years (arrêté of 24 February 2022); no vote without a declaration of interests."""

    class Seat(models.TextChoices):
        DIGITAL_DELEGATE = "dns", _("national delegate for digital health, co-chair")
        CNAM = "cnam", _("director of the national health insurance, co-chair")
        CITIZEN_1 = "citoyen_1", _("citizens' committee, first seat")
        CITIZEN_2 = "citoyen_2", _("citizens' committee, second seat")
        PATIENTS = "usagers", _("users' representative")
        MEDICAL = "medical", _("qualified person: medicine")
        ETHICS = "ethique", _("qualified person: data protection and ethics")
        TECHNICAL = "technique", _("qualified person: technology")
        INDUSTRY = "industrie", _("qualified person: digital-health companies")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = done_by()
    seat = models.CharField(max_length=12, choices=Seat.choices)
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    interests_declared_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="store_commissionmember_mandate_ends"),
            models.UniqueConstraint(fields=["seat", "starts_on"], name="store_commissionmember_one_a_seat"),
        ]

    def __str__(self) -> str:
        return self.seat


class Session(models.Model):
    """One session (séance). Papers leave seven days before (STO-58). `sequence`: of changes, for two people at once."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("session", "planned")
        HELD = "held", pgettext_lazy("session", "held")
        CANCELLED = "cancelled", pgettext_lazy("session", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    held_on = models.DateField(unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    planned_by = done_by()
    planned_at = models.DateTimeField()
    papers_sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    changed_by = done_by(null=True, blank=True)  # the last change, told to whoever has an older page
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state="held") ^ Q(closed_at=None), name="store_session_held_has_hour")
        ]

    def __str__(self) -> str:
        return str(self.held_on)


class Presence(models.Model):
    """A member who sat in a session."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="presences")
    member = models.ForeignKey(CommissionMember, on_delete=models.PROTECT, related_name="presences")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "member"], name="store_presence_once")]

    def __str__(self) -> str:
        return str(self.id)


class AgendaItem(models.Model):
    """One dossier on the agenda of a session, and the opinion on it (STO-41, STO-59)."""

    class Opinion(models.TextChoices):
        FAVOURABLE = "favorable", _("favourable")
        WITH_RESERVATIONS = "reserves_non_suspensives", _("favourable with non-suspensive reservations")
        SUSPENSIVE = "reserves_suspensives", _("favourable with suspensive reservations")
        UNFAVOURABLE = "defavorable", _("unfavourable")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="items")
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    opinion = models.CharField(max_length=24, choices=Opinion.choices, blank=True)
    text = models.TextField(blank=True)
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)  # members who could vote and were there
    recorded_by = done_by(null=True, blank=True)
    opinion_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "candidacy"], name="store_agendaitem_once_a_session"),
            models.CheckConstraint(
                condition=Q(opinion="", opinion_at=None, recorded_by=None)
                | ~Q(opinion="") & Q(opinion_at__isnull=False, recorded_by__isnull=False, quorum__gte=1),
                name="store_agendaitem_opinion_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Vote(models.Model):
    """One vote. Members with a link to the publisher have none (STO-18)."""

    class Choice(models.TextChoices):
        FOR = "pour", pgettext_lazy("vote", "for")
        AGAINST = "contre", pgettext_lazy("vote", "against")
        ABSTAINS = "abstention", pgettext_lazy("vote", "abstention")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(CommissionMember, on_delete=models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=12, choices=Choice.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="store_vote_one_a_member")]

    def __str__(self) -> str:
        return str(self.id)
