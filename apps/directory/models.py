"""Copy of the national directory: professionals (RPPS), their activities, organisations (DIR-01, DIR-04)."""

from __future__ import annotations

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Replace, Trim, Upper
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7

_LIGATURES = (("Œ", "OE"), ("œ", "OE"), ("Æ", "AE"), ("æ", "AE"), ("ß", "SS"))
_ACCENTS = "[\u0300-\u036f]"
_SEPARATORS = "[\\s\\-‐-―'’‘ʼ`´.]+"


def _folded(column: str, *, longest: int) -> models.GeneratedField:
    """The column as `common.text.fold` compares it, kept by the database: imports need not know of it."""
    text: models.Expression | models.F = models.F(column)
    for letter, pair in _LIGATURES:
        text = Replace(text, Value(letter), Value(pair))
    text = Func(text, template="normalize(%(expressions)s, NFD)", output_field=models.CharField())
    for pattern, instead in ((_ACCENTS, ""), (_SEPARATORS, " ")):
        text = Func(
            text, Value(pattern), Value(instead), Value("g"), function="regexp_replace", output_field=models.CharField()
        )
    return models.GeneratedField(
        expression=Trim(Upper(text)), output_field=models.CharField(max_length=longest), db_persist=True
    )


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
    folded_family = _folded("family_name", longest=200)
    folded_given = _folded("given_name", longest=200)

    class Meta:
        indexes = [
            models.Index(
                fields=["folded_family"], opclasses=["varchar_pattern_ops"], name="directory_professional_name"
            )
        ]
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
    folded_city = _folded("city", longest=200)

    class Meta:
        indexes = [models.Index(fields=["finess"], condition=~models.Q(finess=""), name="directory_place_finess")]

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


class Qualification(models.Model):
    """A diploma, an authorisation of exercise or a skill of a professional (savoir-faire): one row of an extract.

    `national_id` as in `Professional`, who may be unknown or gone. Codes are those of the extract (TRE_R14, TRE_G13,
    TRE_R38 and others), labels as they stand there.
    """

    class Kind(models.TextChoices):
        DIPLOMA = "diploma", _("diploma")
        AUTHORISATION = "authorisation", _("authorisation to practise")
        SKILL = "skill", _("skill")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    national_id = models.CharField(max_length=12)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    type_code = models.CharField(max_length=8, blank=True)
    code = models.CharField(max_length=16)
    label = models.CharField(max_length=200, blank=True)
    seen_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["national_id", "kind", "type_code", "code"], name="directory_qualification_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class Establishment(models.Model):
    """A place of the national file of establishments (FINESS, entité géographique); the number is shared with legal
    entities (DIR-10). Gone from the extract: inactive, the label stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finess = models.CharField(max_length=9, unique=True)
    entity_finess = models.CharField(max_length=9, blank=True, db_index=True)
    name = models.CharField(max_length=200)
    siret = models.CharField(max_length=14, blank=True, db_index=True)
    category_code = models.CharField(max_length=8, blank=True)
    category_label = models.CharField(max_length=160, blank=True)
    department = models.CharField(max_length=3, blank=True)
    town = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    seen_on = models.DateField()

    def __str__(self) -> str:
        return self.finess


class LegalEntity(models.Model):
    """Who answers for establishments (FINESS, entité juridique)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finess = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=200)
    siren = models.CharField(max_length=9, blank=True, db_index=True)
    status_code = models.CharField(max_length=8, blank=True)
    status_label = models.CharField(max_length=160, blank=True)
    department = models.CharField(max_length=3, blank=True)
    town = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    seen_on = models.DateField()

    def __str__(self) -> str:
        return self.finess


class Mailbox(models.Model):
    """A mailbox of MSSanté that the directory publishes (boîte aux lettres, BAL): those of the « liste rouge » are not
    (MSS-06, DIR-08). Gone from the extract: inactive.

    `national_id` of a person as in `Professional`; of a structure a digit and the number: 1 and FINESS, 3 and SIRET
    (DMP-23).
    """

    class Type(models.TextChoices):
        PERSON = "PER", _("professional")
        ORGANISATION = "ORG", _("establishment")
        APPLICATION = "APP", _("software")
        PRACTICE = "CAB", _("practice")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    address = models.CharField(max_length=320, unique=True)  # lower case; shown to nobody (MSS-22)
    box_type = models.CharField(max_length=3, choices=Type.choices)
    national_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200)
    service = models.CharField(max_length=200, blank=True)
    finess = models.CharField(max_length=9, blank=True)
    post_code = models.CharField(max_length=10, blank=True)
    town = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    seen_on = models.DateField()
    folded_name = _folded("name", longest=400)
    folded_town = _folded("town", longest=200)

    class Meta:
        indexes = [
            models.Index(
                fields=["folded_name"],
                condition=models.Q(box_type="ORG") & ~models.Q(finess=""),
                name="directory_mailbox_of_places",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class LoadedExtract(models.Model):
    """The last extract of each kind that was brought in: the same file again is nothing to do."""

    kind = models.CharField(primary_key=True, max_length=16)
    sha256 = models.CharField(max_length=64)
    seen_on = models.DateField()
    accepted = models.PositiveIntegerField()  # lines taken in, of which nothing is to be done a second time
    refused = models.PositiveIntegerField()
    ignored = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind


class TrustedList(models.Model):
    """The white list of the trust space MSSanté that counts (« liste blanche », MSS-01, MSS-03): one row.

    `issued_at` is its version. It is good until `expires_at`, whatever becomes of later ones; `checked_at`: when
    somebody last brought it in, or brought it in again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    domains = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.id)


class TrustedDomain(models.Model):
    """A domain of the trust space, lower case, and the name of the certificate of its operator (MSS-02)."""

    domain = models.CharField(primary_key=True, max_length=253)
    operator = models.CharField(max_length=500, blank=True)
    source = models.ForeignKey(TrustedList, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.domain
