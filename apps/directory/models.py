"""Copy of the national directory: professionals (RPPS), their activities, organisations (DIR-01, DIR-04)."""

from __future__ import annotations

from django.db import models

from apps.common.ids import uuid7


class Professional(models.Model):
    """A health professional (professionnel de santé) by national identifier.

    `national_id` (PS_IdNat) is a type digit and the number: `8` + 11-digit RPPS (DMP-23). The last known label is
    kept when
    an update empties the row, because traces name it (DIR-04).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    national_id = models.CharField(max_length=12, unique=True)
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    title = models.CharField(max_length=16, blank=True)  # code of the civility of exercise: DR, PR
    profession_code = models.CharField(max_length=4)  # TRE_G15
    profession_label = models.CharField(max_length=120)
    specialty_label = models.CharField(max_length=160, blank=True)
    is_active = models.BooleanField(default=True)  # false once gone from the extract (DIR-11)
    seen_on = models.DateField()  # date of the extract: « as of » (DIR-09)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(national_id__regex=r"^8\d{11}$") | models.Q(national_id__regex=r"^0\d{9}$"),
                name="directory_professional_id_is_rpps_or_adeli",
            )
        ]

    def __str__(self) -> str:
        return self.national_id

    @property
    def display_name(self) -> str:
        """`Dr Anne Lefort`; without a title `Anne Lefort`."""
        title = f"{self.title.capitalize()} " if self.title else ""
        return f"{title}{self.given_name.title()} {self.family_name.title()}"


class Organisation(models.Model):
    """A structure where care is given (structure de santé), by the directory's technical identifier.

    Never keyed on FINESS alone: a practice often has none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    technical_id = models.CharField(max_length=32, unique=True)
    finess = models.CharField(max_length=9, blank=True)
    siret = models.CharField(max_length=14, blank=True)
    name = models.CharField(max_length=200)
    sector_code = models.CharField(max_length=8, blank=True)  # TRE_R02
    city = models.CharField(max_length=100, blank=True)
    seen_on = models.DateField()

    def __str__(self) -> str:
        return self.technical_id


class Activity(models.Model):
    """One place and mode in which a professional works (situation d'exercice): one row of the extract."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="activities")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="activities")
    mode_code = models.CharField(max_length=4, blank=True)  # L liberal, S salaried, B benevolent

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["professional", "organisation", "mode_code"],
                nulls_distinct=False,
                name="directory_activity_one_row_a_situation",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
