"""People with a right in somebody's space, each with an end (SPA-41, SPA-48, SPA-50 to SPA-56)."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access import Section
from apps.accounts.models import InsIdentity
from apps.spaces.models.relations import SpaceOwned
from apps.spaces.querysets import RepresentationQuerySet, RightQuerySet

READ, MANAGE = "read", "manage"
# The history can only be read, by whomever it is shown to.
LEVELS: dict[Section, tuple[str, ...]] = {
    Section.DOCUMENTS: (READ, MANAGE),
    Section.MESSAGES: (READ, MANAGE),
    Section.HISTORY: (READ,),
}


def all_sections() -> dict[str, str]:
    """Everything that a delegation can open: section and the most that may be done there (SPA-55)."""
    return {section.value: levels[-1] for section, levels in LEVELS.items()}


class Representation(SpaceOwned):
    """Legal representation of the holder (représentant légal): parental authority or a protection measure.

    `ends_at` is the 18th birthday at midnight in Paris for a minor, the end of the measure for an adult; None when the
    measure has no known end. `ended_at` is an end decided earlier. The clock ends the right, no job does (SEC-04).

    `measure`, `scope` and `mode` describe the protection of an adult (SPA-50, SPA-51): only a measure that represents
    the person gives the right by itself. Whoever assists, or looks after the goods alone, sees something from
    `consented_at` on, when the protected person has agreed, and decides nothing.
    """

    class Capacity(models.TextChoices):
        """Quality of the representative; PERE and MERE are the file's codes, the others those of SPA-50."""

        FATHER = "PERE", _("father")
        MOTHER = "MERE", _("mother")
        FAMILY = "FAMILLE", _("family member authorised by a judge")
        GUARDIAN = "MJPM", _("professional guardian")
        CHILD_WELFARE = "ASE", _("child welfare service")

    class Measure(models.TextChoices):
        """Protection measures of adults (Code civil, art. 415 s.); codes of the eligibility file where it has them."""

        GUARDIANSHIP = "TUTELLE", _("guardianship")
        CURATORSHIP = "CURATELLE_SIMPLE", _("curatorship")
        EXTENDED_CURATORSHIP = "CURATELLE_RENFORCEE", _("extended curatorship")
        FAMILY_AUTHORISATION = "HABILITATION_FAMILIALE", _("family authorisation")
        JUDICIAL_SAFEGUARD = "SAUVEGARDE", _("judicial safeguard")
        FUTURE_MANDATE = "MANDAT_PROTECTION_FUTURE", _("mandate of future protection")

    class Scope(models.TextChoices):
        """What a measure is about."""

        PERSON = "personne", _("the person")
        GOODS = "biens", _("the goods")
        BOTH = "personne-biens", _("the person and the goods")

    class Mode(models.TextChoices):
        """Whether the person in charge acts for the protected person or beside them."""

        REPRESENTATION = "representation", _("representation")
        ASSISTANCE = "assistance", _("assistance")

    person = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, related_name="representations")
    capacity = models.CharField(max_length=8, choices=Capacity.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    measure = models.CharField(max_length=24, choices=Measure.choices, blank=True, db_default="")
    scope = models.CharField(max_length=16, choices=Scope.choices, default=Scope.PERSON, db_default=Scope.PERSON)
    mode = models.CharField(
        max_length=16, choices=Mode.choices, default=Mode.REPRESENTATION, db_default=Mode.REPRESENTATION
    )
    consented_at = models.DateTimeField(null=True, blank=True)
    majority_told_at = models.DateTimeField(null=True, blank=True)
    end_told_at = models.DateTimeField(null=True, blank=True)

    objects = RepresentationQuerySet.as_manager()

    until: datetime  # annotation of `with_end`: the earlier of the two ends

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
    """Access given by the holder to a relative who helps (aidant): at most twelve months, ended by either side.

    `sections` is what it opens, section by section: `{"documents": "manage", "history": "read"}`; what is not named is
    closed (SPA-55). `ended_by` says which side stopped it before its day, nobody when the clock did.
    """

    class Side(models.TextChoices):
        HOLDER = "holder", _("the holder")
        DELEGATE = "delegate", _("the person who helped")

    person = models.ForeignKey(InsIdentity, on_delete=models.PROTECT, related_name="delegations")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=16, choices=Side.choices, blank=True)
    sections = models.JSONField(default=all_sections)
    end_told_at = models.DateTimeField(null=True, blank=True)

    objects = RightQuerySet.as_manager()

    until: datetime  # annotation of `with_end`

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
