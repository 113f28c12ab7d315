"""Oppositions, what is said against them, those that wait for their person (SPA-07, SPA-10, decisions.md 6 to 8)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InsIdentity
from apps.common.ids import uuid7
from apps.rollout.models.notices import NoticeCode
from apps.rollout.models.people import EligiblePerson


class Channel(models.TextChoices):
    """By which way a choice came (SPA-07)."""

    ONLINE = "online", _("online with the code")
    ACCOUNT = "account", _("online, signed in")
    PHONE = "phone", _("by phone")
    POST = "post", _("by post")
    COUNTER = "counter", _("at a counter")


class Capacity(models.TextChoices):
    """Who chooses (O-03)."""

    SELF = "self", _("the person")
    PARENT = "parent", _("parent of a minor")
    PROTECTOR = "protector", _("person in charge of a protection measure")


class Opposition(models.Model):
    """The will that no space be opened, kept as a proof with its dates (SPA-10). Rows are never deleted.

    `received_at` is the date of effect: by post the day the letter came. `by` is the representative of the register
    who spoke, when known. `confirmed_at`: second opposition of somebody who had a DMP (SPA-21). `reference` is printed
    on the receipt; `check_mac` is the keyed hash of its verification code.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(EligiblePerson, on_delete=models.PROTECT, related_name="oppositions")
    reference = models.CharField(max_length=24, unique=True)
    check_mac = models.BinaryField(max_length=32)
    channel = models.CharField(max_length=8, choices=Channel)
    capacity = models.CharField(max_length=12, choices=Capacity)
    by = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.ForeignKey(NoticeCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    scan_vault_id = models.UUIDField(null=True, blank=True)
    scan_file_id = models.UUIDField(null=True, blank=True)
    closed_space = models.BooleanField(default=False)  # entered after the opening (decisions.md 8)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_channel = models.CharField(max_length=8, choices=Channel, blank=True)
    withdrawn_capacity = models.CharField(max_length=12, choices=Capacity, blank=True)
    withdrawn_by = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(withdrawn_at=None), name="rollout_opposition_one_standing_a_person"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("received_at")),
                name="rollout_opposition_withdrawn_after",
            ),
            models.CheckConstraint(
                condition=Q(received_at__lte=F("entered_at")), name="rollout_opposition_received_before_entered"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["online", "account"]) ^ Q(entered_by__isnull=False),
                name="rollout_opposition_helped_has_operator",
            ),
        ]
        indexes = [models.Index(fields=["-entered_at", "-id"], name="rollout_opposition_latest")]

    def __str__(self) -> str:
        return self.reference


class OppositionLetter(models.Model):
    """Scan of a letter that came about an opposition already there: the same will again, its confirmation, a change of
    mind, also of another representative (RO-06, decisions.md 7). That of the opposition itself stands in its row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    opposition = models.ForeignKey(Opposition, on_delete=models.PROTECT, related_name="letters")
    received_at = models.DateTimeField()
    scan_vault_id = models.UUIDField()
    scan_file_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opposition", "scan_file_id"], name="rollout_oppositionletter_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Conflict(models.Model):
    """Two representatives want the opposite: the opening is held until an operator decides (decisions.md 7)."""

    class Outcome(models.TextChoices):
        OPPOSED = "opposed", _("the opposition stands")
        OPENING = "opening", _("the space may open")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(EligiblePerson, on_delete=models.PROTECT, related_name="conflicts")
    opposition = models.ForeignKey(Opposition, on_delete=models.PROTECT, related_name="conflicts")
    against = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(decided_at=None), name="rollout_conflict_one_open_a_person"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None)
                ^ Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(outcome="") & ~Q(reason=""),
                name="rollout_conflict_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Claim(models.Model):
    """An opposition by phone, post or counter whose person was not found: five working days to find them (RO-06).

    What the writer said stands here, nothing else of the register; people it may mean are held meanwhile.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to be found")
        FOUND = "found", _("found")
        GIVEN_UP = "given-up", _("not found, told so")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    channel = models.CharField(max_length=8, choices=Channel)
    capacity = models.CharField(max_length=12, choices=Capacity)
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    birth_date = models.CharField(max_length=10)  # `00` for what is unknown
    post_code = models.CharField(max_length=10, blank=True)
    contact = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    scan_vault_id = models.UUIDField(null=True, blank=True)
    scan_file_id = models.UUIDField(null=True, blank=True)
    opposition = models.ForeignKey(Opposition, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    people = models.ManyToManyField(EligiblePerson, related_name="claims")  # whom it may mean
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") ^ Q(ended_at__isnull=False), name="rollout_claim_ended"
            ),
            models.CheckConstraint(
                condition=Q(state="found") ^ Q(opposition=None), name="rollout_claim_found_has_opposition"
            ),
        ]
        indexes = [models.Index(fields=["due_on", "id"], name="rollout_claim_due", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return str(self.id)
