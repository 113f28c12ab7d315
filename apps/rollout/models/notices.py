"""Notices: the code of a person, what is sent and in which batch (SPA-02, SPA-04, ROL-13, REL-08)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import InsIdentity
from apps.common.ids import uuid7
from apps.rollout.models.people import EligiblePerson
from apps.rollout.models.waves import Wave


class NoticeCode(models.Model):
    """Code of one person; one live code a person (SEC-06). `mac` is the keyed hash of `apps.rollout.codes`.

    It serves until the window of the person ends; a reissue ends it at once. `failures`: right code, wrong date.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        EligiblePerson, on_delete=models.CASCADE, related_name="codes", db_index=False, db_constraint=False
    )
    mac = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="rollout_noticecode_one_live_a_person"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class LetterBatch(models.Model):
    """Letters that go to the printer together, at most 10,000 (lot). The day of the hand-over is that of the sending.

    `files` of `LetterFile`, each a PDF with many letters, and one manifest.
    """

    class State(models.TextChoices):
        MAKING = "making", _("being made")
        READY = "ready", _("ready for the printer")
        HANDED = "handed", _("handed over to the post")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, null=True, blank=True, related_name="batches")
    state = models.CharField(max_length=12, choices=State.choices, default=State.MAKING)
    letters = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="handed") ^ Q(handed_at=None), name="rollout_letterbatch_handed_has_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class LetterFile(models.Model):
    """One file of a batch: a PDF of letters, or the manifest. The bytes lie in the vault of the batch, encrypted.

    `spans`: pages of each letter of this file, in the order of the ids of the batch; 0 for one that was not made,
    whose person had moved on.
    """

    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="files")
    place = models.PositiveIntegerField()  # 0 is the manifest
    name = models.CharField(max_length=80)
    letters = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    spans = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    sha256 = models.CharField(max_length=64)
    vault_id = models.UUIDField()
    file_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "place"], name="rollout_letterfile_one_a_place")]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """One mail or letter of the roll-out to one reader: the row is its outbox (REL-08).

    `reader` is empty for the person themselves, else who reads for them: the representative of a minor, the person in
    charge of a protected adult. `window_ends_at` is that of this sending. `address` is set for a mail that goes to
    another address than the register's (receipts).
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("first notice")
        AGAIN = "again", _("notice by post after an e-mail that failed")
        RESENT = "resent", _("new code on demand")
        MAJORITY = "majority", _("notice at 18")
        CONFIRM = "confirm", _("confirmation of an opposition that keeps a DMP")
        FAILED_OPENING = "failed-opening", _("opening that failed")
        CONFLICT = "conflict", _("two requests that contradict each other")
        RECEIPT = "receipt", _("receipt")
        OTHER_PARENT = "other-parent", _("choice of the other representative")

    class Channel(models.TextChoices):
        MAIL = "mail", _("e-mail")
        POST = "post", _("post")

    class State(models.TextChoices):
        """RO-05: préparée, envoyée, remise, revenue, à renvoyer par courrier."""

        PREPARED = "prepared", _("prepared")
        SENDING = "sending", _("being sent")
        SENT = "sent", pgettext_lazy("notice", "sent")
        UNCERTAIN = "uncertain", pgettext_lazy("notice", "uncertain")
        RETURNED = "returned", _("returned")
        FAILED = "failed", _("could not be sent")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        EligiblePerson, on_delete=models.CASCADE, related_name="notices", db_index=False, db_constraint=False
    )
    reader = models.ForeignKey(
        InsIdentity, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )
    code = models.ForeignKey(
        NoticeCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    kind = models.CharField(max_length=16, choices=Kind.choices)
    key = models.CharField(max_length=100)  # one effect once: `first`, `again:<notice>`, `receipt:<opposition>`
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    address = models.EmailField(blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    batch = models.ForeignKey(LetterBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    prepared_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)  # of the next try; None when there is none
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    window_ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # returned, failed or cancelled since
    reason = models.CharField(max_length=40, blank=True)  # a code, never the words of a relay
    facts = models.JSONField(default=dict, blank=True)  # ids and codes that its text needs

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key", "reader"], name="rollout_notice_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["message_id"], condition=~Q(message_id=""), name="rollout_notice_one_a_message_id"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="rollout_notice_sent_has_hour"
            ),
            models.CheckConstraint(
                condition=Q(state="sending") ^ Q(leased_until=None), name="rollout_notice_sending_is_leased"
            ),
            models.CheckConstraint(
                condition=~Q(channel="mail", state__in=["prepared", "sending", "sent", "uncertain"])
                | ~Q(message_id=""),
                name="rollout_notice_mail_has_id",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at", "id"],
                name="rollout_notice_due",
                condition=Q(state__in=["prepared", "uncertain"]),
            ),
            models.Index(fields=["leased_until", "id"], name="rollout_notice_leased", condition=Q(state="sending")),
            models.Index(fields=["wave", "state", "channel"], name="rollout_notice_of_wave"),
            models.Index(fields=["wave", "prepared_at", "channel"], name="rollout_notice_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class CodeRequest(models.Model):
    """Somebody asks for a new code (O-09): what they typed, until a job has looked for them, a minute at most.

    The row is written whoever they are, so that the answer is the same and takes the same time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=150)
    birth_date = models.CharField(max_length=10)
    post_code = models.CharField(max_length=10)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
