"""What leaves by SMTP: answers of holders, receipts, notices of a closed conversation (REL-08)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7
from apps.spaces.models import HealthSpace


class OutgoingMail(models.Model):
    """One mail to one box: a queue over all spaces. One row has one Message-ID for ever, so a repeat is the same mail;
    a letter to several boxes has one id in all of them.

    `message_id` is the id of the `mss.Message` it carries, None for a receipt about one and for the notice of a closed
    conversation (`about_id`). `due_at` of one that is being sent is the end of its lease.
    """

    class Kind(models.TextChoices):
        LETTER = "letter", _("message")
        RECEIPT = "receipt", _("receipt")  # MDN of RFC 8098
        CLOSING = "closing", _("notice of a closed conversation")

    class State(models.TextChoices):
        """UNCERTAIN: the connection broke after the mail was given; repeated with the same Message-ID."""

        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        UNCERTAIN = "uncertain", _("not sure to have left")
        SENT = "sent", _("handed over")
        REFUSED = "refused", _("refused")
        PARKED = "parked", _("could not be sent")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    space = models.ForeignKey(HealthSpace, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    key = models.CharField(max_length=120)  # what it is about, once: `letter:<message>:<box>`
    address = models.CharField(max_length=320)
    rfc_message_id = models.CharField(max_length=255)
    message_id = models.UUIDField(null=True)
    about_id = models.UUIDField(null=True)
    written_at = models.DateTimeField()
    tried_since = models.DateTimeField(null=True, blank=True)  # when somebody had it tried again, after `written_at`
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    status_code = models.CharField(max_length=16, blank=True)  # enhanced status of RFC 3463
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "key"], name="mss_outgoingmail_once"),
            models.UniqueConstraint(fields=["rfc_message_id", "address"], name="mss_outgoingmail_one_id_a_box"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "sending", "uncertain")) ^ Q(ended_at__isnull=False),
                name="mss_outgoingmail_ended_when_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="mss_outgoingmail_due",
                condition=Q(state__in=("waiting", "sending", "uncertain")),
            ),
            models.Index(
                fields=["space", "message_id"], name="mss_outgoingmail_message", condition=Q(message_id__isnull=False)
            ),
            models.Index(
                fields=["state"],
                name="mss_outgoingmail_open",
                condition=Q(state__in=("waiting", "sending", "uncertain", "parked")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
