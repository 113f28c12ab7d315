"""Boxes that write to a space, or that it may write to (MSS-06, MSS-07, MSS-20 to MSS-24)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.mss.querysets import CorrespondentQuerySet
from apps.spaces.models import SpaceOwned


class Correspondent(SpaceOwned):
    """One MSSanté box seen from one space (correspondant). The address is never shown to the holder (MSS-22).

    `ended_at`: the professional ended the exchange (MSS-23); `blocked_at`: the holder wants nothing from the box.
    `wrote_at`: the last message from it; None for a pharmacy that the holder writes to first (MSS-21).
    """

    class Kind(models.TextChoices):
        """Types of boxes of the national directory (MSS-06)."""

        PERSON = "PER", _("professional")
        ORGANISATION = "ORG", _("establishment")
        APPLICATION = "APP", _("software")
        UNKNOWN = "", _("unknown")

    address = models.CharField(max_length=320)  # lower case
    display_name = models.CharField(max_length=200)  # as registered in the directory, else as the sender wrote it
    national_id = models.CharField(max_length=64, blank=True)  # IdNat of a person or of an establishment (DMP-23)
    kind = models.CharField(max_length=3, choices=Kind.choices, blank=True)
    is_listed = models.BooleanField(default=False)  # the name comes from the directory (« expéditeur hors annuaire »)
    is_pharmacy = models.BooleanField(default=False)  # chosen by the holder (MSS-21)
    wrote_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)

    objects = CorrespondentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "address"], name="mss_correspondent_one_a_box"),
            models.CheckConstraint(condition=~Q(address=""), name="mss_correspondent_has_address"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def has_ended(self) -> bool:
        """Until it writes again (MSS-24)."""
        return self.ended_at is not None and (self.wrote_at is None or self.wrote_at <= self.ended_at)

    @property
    def is_establishment(self) -> bool:
        """Shown as an establishment, not as a person: a software too, when its number is a FINESS (MSS-07)."""
        of_a_place = self.kind == self.Kind.APPLICATION and self.national_id.startswith("1")
        return self.kind == self.Kind.ORGANISATION or of_a_place

    @property
    def may_be_written_to(self) -> bool:
        """It wrote first, or is a pharmacy that the holder chose (MSS-20, MSS-21)."""
        return self.wrote_at is not None or self.is_pharmacy
