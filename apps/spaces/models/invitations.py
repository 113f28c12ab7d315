"""Invitations to help somebody, or to represent a child beside the first parent (SPA-41, SPA-53, SPA-54)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InsIdentity
from apps.spaces.models.people import Representation, all_sections
from apps.spaces.models.relations import SpaceOwned
from apps.spaces.querysets import InvitationQuerySet


class InvitationState(StrEnum):
    """States of SPA-54 as somebody reads them at an instant; WITHDRAWN by the inviter before an answer."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class DelegationInvitation(SpaceOwned):
    """Invitation of one person, found by all her traits, into a space (invitation d'un aidant).

    It begins as the answer to a search: `search_id` is the transaction that the sending must quote (SPA-53), and until
    `sent_at` nobody but the inviter knows of it. `expires_at` is compared with the clock, no job ends it (SEC-04).
    `sections` and the two days (both included, in Paris) are what a delegation will allow; a representation of a child
    has a `capacity` and ends at 18 instead.
    """

    class Kind(models.TextChoices):
        """Delegation types of SPA-54."""

        CAREGIVING = "CAREGIVING", _("help")
        LEGAL_REPRESENTATION = "LEGAL_REPRESENTATION", _("legal representation")

    class Answer(models.TextChoices):
        """How the invitation stopped being open; LAPSED when it had expired and another one took its place."""

        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        LAPSED = "lapsed", _("expired")

    kind = models.CharField(max_length=24, choices=Kind.choices, default=Kind.CAREGIVING)
    person = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, related_name="invitations")
    inviter = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, related_name="+")
    search_id = models.UUIDField(editable=False)
    searched_at = models.DateTimeField()
    capacity = models.CharField(max_length=8, choices=Representation.Capacity.choices, blank=True)
    sections = models.JSONField(default=all_sections)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=16, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, expires_at=None) | Q(sent_at__isnull=False, expires_at__gt=F("sent_at")),
                name="spaces_delegationinvitation_sent_expires",
            ),
            models.CheckConstraint(
                condition=Q(answer="") ^ Q(answered_at__isnull=False),
                name="spaces_delegationinvitation_answer_has_date",
            ),
            models.CheckConstraint(
                condition=Q(kind="LEGAL_REPRESENTATION") ^ Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="spaces_delegationinvitation_help_has_days",
            ),
            models.UniqueConstraint(
                fields=["space", "person"],
                condition=Q(sent_at__isnull=False, answer=""),
                name="spaces_delegationinvitation_one_open_a_person",
            ),
            models.UniqueConstraint(fields=["space", "search_id"], name="spaces_delegationinvitation_one_a_search"),
        ]
        indexes = [models.Index(fields=["person", "space"], name="spaces_delegationinvite_person")]

    def __str__(self) -> str:
        return str(self.id)

    def state_at(self, at: datetime) -> InvitationState:
        """What the clock makes of a sent invitation."""
        match self.answer:
            case self.Answer.ACCEPTED:
                return InvitationState.ACCEPTED
            case self.Answer.REFUSED:
                return InvitationState.REFUSED
            case self.Answer.WITHDRAWN:
                return InvitationState.WITHDRAWN
            case _ if self.expires_at is not None and at < self.expires_at and not self.answer:
                return InvitationState.PENDING
            case _:
                return InvitationState.EXPIRED
