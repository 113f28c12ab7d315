"""Identity of a person as the national referential knows it (IDN-01 to IDN-12)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.ins import Authority, InsNumber
from apps.accounts.querysets import InsIdentityQuerySet
from apps.common.dates import PartialDate
from apps.common.ids import uuid7
from apps.common.text import fold


class IdentityStatus(models.TextChoices):
    """Status of an identity (RNIV EXI SI 07, IDN-06); codes of the FR Core system, where QUAL is the qualified one
    (IDN-07).
    """

    PROVISIONAL = "PROV", _("provisional")
    RETRIEVED = "RECUP", _("retrieved")
    VALIDATED = "VALI", _("validated")
    QUALIFIED = "QUAL", _("qualified")


class InsIdentity(models.Model):
    """One person: INS number with its authority, the five traits, and what proves them (identité INS).

    The number changes in a life (NIA to NIR, civil status): former ones are `FormerInsNumber`. `birth_date` is
    text of ten
    characters because civil status knows unknown days and months (`1952-06-00`); read it as `born_on`.
    """

    class Sex(models.TextChoices):
        """Administrative sex of the INS traits."""

        FEMALE = "F", _("female")
        MALE = "M", _("male")
        INDETERMINATE = "I", _("indeterminate")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ins_number = models.CharField(max_length=13)
    ins_key = models.CharField(max_length=2)
    authority = models.CharField(max_length=32, choices=[(item.value, item.name) for item in Authority])
    birth_family_name = models.CharField(max_length=100)
    birth_given_names = models.CharField(max_length=150)  # separated by one space; a compound name keeps its hyphen
    first_given_name = models.CharField(max_length=100)
    family_name_in_use = models.CharField(max_length=100, blank=True)
    given_name_in_use = models.CharField(max_length=100, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices)
    birth_date = models.CharField(max_length=10)
    birth_place = models.CharField(max_length=5)  # COG code: commune, or 99xxx abroad
    folded_family = models.CharField(max_length=100)
    folded_first_given = models.CharField(max_length=100)
    insi_retrieved = models.BooleanField(default=False)
    evidence_checked = models.BooleanField(default=False)
    died_on = models.DateField(null=True, blank=True)

    objects = InsIdentityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ins_number", "authority"], name="accounts_insidentity_one_row_a_number"),
            models.CheckConstraint(
                condition=models.Q(birth_date__regex=r"^\d{4}-\d{2}-\d{2}$"),
                name="accounts_insidentity_birth_date_has_ten",
            ),
            models.CheckConstraint(
                condition=~models.Q(birth_family_name=""), name="accounts_insidentity_has_family_name"
            ),
        ]
        indexes = [models.Index(fields=["folded_family", "birth_date"], name="accounts_insidentity_traits")]

    def __str__(self) -> str:
        return str(self.id)

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded columns beside the traits; bulk imports fill them themselves."""
        self.folded_family = fold(self.birth_family_name)
        self.folded_first_given = fold(self.first_given_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def status(self) -> IdentityStatus:
        """Derived from the two booleans, never stored (IDN-06)."""
        return {
            (False, False): IdentityStatus.PROVISIONAL,
            (True, False): IdentityStatus.RETRIEVED,
            (False, True): IdentityStatus.VALIDATED,
            (True, True): IdentityStatus.QUALIFIED,
        }[self.insi_retrieved, self.evidence_checked]

    @property
    def number(self) -> InsNumber:
        return InsNumber(number=self.ins_number, key=self.ins_key, authority=Authority(self.authority))

    @property
    def born_on(self) -> PartialDate:
        return PartialDate.parse(self.birth_date)

    @property
    def display_name(self) -> str:
        """Called name and name in use, as a person reads their own name: `Camille Morel`."""
        given = self.given_name_in_use or self.first_given_name
        return f"{given} {self.family_name_in_use or self.birth_family_name}".title()

    @property
    def short_name(self) -> str:
        """`Léa M.`: what pages of another person's space show."""
        given = (self.given_name_in_use or self.first_given_name).title()
        return f"{given} {(self.family_name_in_use or self.birth_family_name)[:1].upper()}."


class FormerInsNumber(models.Model):
    """A number the person had before (matricule INS antérieur); looked up, never shown (IDN-04)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    identity = models.ForeignKey(InsIdentity, on_delete=models.CASCADE, related_name="former_numbers")
    ins_number = models.CharField(max_length=13)
    authority = models.CharField(max_length=32)
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ins_number", "authority"], name="accounts_formerinsnumber_one_row_a_number"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
