"""What the door has taken and the parser has not filed yet (REL-02): the truth between the 250 and the page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7
from apps.spaces.models import HealthSpace


class Arrival(models.Model):
    """One message as it came through the door, encrypted; a queue over all spaces, with a key of its own.

    `sealed` holds the bytes that stood between DATA and the dot until every space has them; it is emptied then and the
    row stays as the trace of the delivery. `digest` tells a message delivered twice (S19). `peer` is the name of the
    certificate that connected, `sender` the envelope's (empty: null sender of RFC 5321 4.5.5).
    """

    class State(models.TextChoices):
        """PARKED after five tries (REL-07)."""

        RECEIVED = "received", _("received")
        FILED = "filed", _("filed")
        PARKED = "parked", _("could not be filed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField()
    peer = models.CharField(max_length=255, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    size = models.PositiveIntegerField()  # bytes of the message in clear
    digest = models.CharField(max_length=64)  # SHA-256 of the message, Received and Return-Path lines left out
    sealed = models.BinaryField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    problem = models.CharField(max_length=40, blank=True)  # a code, never a text of the message
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="filed") ^ models.Q(sealed__isnull=False),
                name="mss_arrival_bytes_until_filed",
            ),
            models.CheckConstraint(
                condition=models.Q(state="received") ^ models.Q(ended_at__isnull=False),
                name="mss_arrival_ended_when_over",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="mss_arrival_due", condition=models.Q(state="received")),
            models.Index(
                fields=["state"], name="mss_arrival_open", condition=models.Q(state__in=("received", "parked"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ArrivalAddress(models.Model):
    """One recipient of an arrival whose box took it at RCPT time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="addresses")
    space = models.ForeignKey(HealthSpace, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["arrival", "space"], name="mss_arrivaladdress_one_a_space")]

    def __str__(self) -> str:
        return str(self.id)
