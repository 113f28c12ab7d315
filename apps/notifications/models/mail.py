from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7


class OutgoingMail(models.Model):
    """One mail that leaves or has left: the row is written with the event, the relay comes later (outbox, NOT-30).

    `address` is empty until the first try, unless the mail goes to another address than the person's present one; from
    then on it stays, and so does `message_id`: a mail of which nobody knows whether it left is repeated as the same one
    (REL-08). `due_at` is None when no try is left.
    """

    class State(models.TextChoices):
        """States before and after the relay."""

        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("uncertain")
        FAILED = "failed", _("refused by the address")
        PARKED = "parked", _("given up after five tries")
        SUPPRESSED = "suppressed", _("nothing left to tell")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)  # a kind of notice, "digest" or "trial"
    space_id = models.UUIDField(null=True, blank=True)
    key = models.CharField(max_length=200)
    address = models.EmailField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()  # of the event
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    uncertain_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)  # a code, never the words of the relay

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notifications_outgoingmail_one_a_key"),
            models.CheckConstraint(
                condition=Q(state="sent") ^ Q(sent_at=None), name="notifications_outgoingmail_sent_has_hour"
            ),
            models.CheckConstraint(
                condition=Q(state="sending") ^ Q(leased_until=None), name="notifications_outgoingmail_sending_is_leased"
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(due_at__isnull=False),
                name="notifications_outgoingmail_waiting_is_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="notifications_mail_due",
                condition=Q(state__in=["waiting", "uncertain"]),
            ),
            models.Index(fields=["leased_until", "id"], name="notifications_mail_leased", condition=Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
