"""People with a right in somebody's space, each with an end (SPA-41, SPA-48, SPA-50 to SPA-56)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InsIdentity
from apps.spaces.models.relations import SpaceOwned
from apps.spaces.querysets import RightQuerySet


class Representation(SpaceOwned):
    """Legal representation of the holder (représentant légal): parental authority or a protection measure.

    `ends_at` is the 18th birthday at midnight in Paris for a minor, the end of the measure for an adult; None when the
    measure has no known end. `ended_at` is an end decided earlier. The clock ends the right, no job does (SEC-04).
    """

    class Capacity(models.TextChoices):
        """Quality of the representative; PERE and MERE are the file's codes, the others those of SPA-50."""

        FATHER = "PERE", _("father")
        MOTHER = "MERE", _("mother")
        FAMILY = "FAMILLE", _("family member authorised by a judge")
        GUARDIAN = "MJPM", _("professional guardian")
        CHILD_WELFARE = "ASE", _("child welfare service")

    person = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, related_name="representations")
    capacity = models.CharField(max_length=8, choices=Capacity.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RightQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["space", "person"],
                condition=Q(ended_at=None),
                name="spaces_representation_one_current_a_person",
            )
        ]
        indexes = [models.Index(fields=["person", "space"], name="spaces_representation_person")]

    def __str__(self) -> str:
        return str(self.id)


class Delegation(SpaceOwned):
    """Access given by the holder to a relative who helps (aidant): at most twelve months, ended by either side
    (decisions 9).
    """

    person = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, related_name="delegations")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RightQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="spaces_delegation_ends_after_start"),
            models.UniqueConstraint(
                fields=["space", "person"], condition=Q(ended_at=None), name="spaces_delegation_one_current_a_person"
            ),
        ]
        indexes = [models.Index(fields=["person", "space"], name="spaces_delegation_person")]

    def __str__(self) -> str:
        return str(self.id)
