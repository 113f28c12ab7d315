"""What the holder decided about professionals: consent, block, administrators (ACC-01 to ACC-12)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.spaces.models.relations import SpaceOwned


class CareConsent(SpaceOwned):
    """The holder's prior consent to consultation (consentement), as declared by a professional (ACC-02, ACC-04).

    For the care team or structure until withdrawn, or for one consultation outside the team. Silence is no consent.
    """

    class Scope(models.TextChoices):
        CARE_TEAM = "team", _("care team")
        CONSULTATION = "consultation", _("this consultation only")

    national_id = models.CharField(max_length=12)
    organisation_id = models.CharField(max_length=32, blank=True)
    scope = models.CharField(max_length=16, choices=Scope.choices)
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    declared_by = models.CharField(max_length=12)

    # Annotation of `carers.running_consents`.
    is_spent: bool

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="team") | Q(ends_at__isnull=False), name="spaces_careconsent_consultation_ends"
            )
        ]
        indexes = [models.Index(fields=["space", "national_id"], name="spaces_careconsent_holder")]

    def __str__(self) -> str:
        return str(self.id)


class ProfessionalBlock(SpaceOwned):
    """A professional the holder blocked (bloqué): no consultation, deposits stay possible (ACC-10)."""

    national_id = models.CharField(max_length=12)
    blocked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["space", "national_id"], condition=Q(ended_at=None), name="spaces_professionalblock_one_current"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SpaceAdministrator(SpaceOwned):
    """A professional the holder named administrator, the declared GP among them: sees hidden documents (ACC-12)."""

    national_id = models.CharField(max_length=12)
    is_declared_gp = models.BooleanField(default=False)  # médecin traitant
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["space", "national_id"],
                condition=Q(ended_at=None),
                name="spaces_spaceadministrator_one_current",
            ),
            models.UniqueConstraint(
                fields=["space"],
                condition=Q(ended_at=None, is_declared_gp=True),
                name="spaces_spaceadministrator_one_declared_gp",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
