"""The register of people whose space opens by law."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InsIdentity
from apps.rollout.models.runs import ImportRun
from apps.rollout.querysets import EligiblePersonQuerySet
from apps.spaces.models import Representation


class EligiblePerson(models.Model):
    """What the insurer says about one person beside the identity (personne éligible), and how far the opening is.

    `fingerprint` covers the whole line of the file: equal means unchanged. Numbers of representatives are kept as the
    file has them, their identity is looked up when the space opens. `double_of`: the same person seems to be known
    under another number; the space waits (decisions.md 31).
    """

    class Situation(models.TextChoices):
        """Codes of the eligibility file."""

        ADULT = "MAJEUR", _("adult")
        MINOR = "MINEUR", _("minor")
        PROTECTED = "MAJEUR_PROTEGE", _("protected adult")

    class Measure(models.TextChoices):
        """Protection measures (Code civil, art. 415 s.); codes of the eligibility file."""

        GUARDIANSHIP = "TUTELLE", _("guardianship")
        CURATORSHIP = "CURATELLE_SIMPLE", _("curatorship")
        CURATORSHIP_EXTENDED = "CURATELLE_RENFORCEE", _("extended curatorship")
        FAMILY_AUTHORISATION = "HABILITATION_FAMILIALE", _("family authorisation")
        JUDICIAL_SAFEGUARD = "SAUVEGARDE", _("judicial safeguard")

    class Channel(models.TextChoices):
        """How the notice goes out (SPA-02)."""

        MAIL = "courriel", _("e-mail")
        POST = "courrier", _("post")

    class State(models.TextChoices):
        """Opening of the space, names of spaces-and-identity.md 2.3; the states of notices come with the notices."""

        ELIGIBLE = "ELIGIBLE", _("eligible")
        OPEN = "OPEN", _("open")
        OPEN_FAILED = "OPEN_FAILED", _("opening failed")
        NOT_OPENED_DEATH = "NOT_OPENED_DEATH", _("not opened: deceased")

    identity = models.OneToOneField(InsIdentity, on_delete=models.PROTECT, primary_key=True, related_name="eligibility")
    scheme = models.CharField(max_length=8, blank=True)  # régime
    fund = models.CharField(max_length=16, blank=True)  # caisse
    household = models.CharField(max_length=24, blank=True)  # foyer
    situation = models.CharField(max_length=16, choices=Situation.choices)
    measure = models.CharField(max_length=24, choices=Measure.choices, blank=True)
    twin_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    mail = models.CharField(max_length=254, blank=True)  # may be shared: never a key, never a login (SPA-57)
    mobile = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    street = models.CharField(max_length=120, blank=True)
    street_more = models.CharField(max_length=120, blank=True)
    post_code = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    commune = models.CharField(max_length=5, blank=True)  # COG
    department = models.CharField(max_length=3, blank=True)
    rl1_number = models.CharField(max_length=13, blank=True)
    rl1_capacity = models.CharField(max_length=8, choices=Representation.Capacity.choices, blank=True)
    rl2_number = models.CharField(max_length=13, blank=True)
    rl2_capacity = models.CharField(max_length=8, choices=Representation.Capacity.choices, blank=True)
    double_of = models.ForeignKey(
        InsIdentity, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    fingerprint = models.CharField(max_length=32)
    state = models.CharField(max_length=24, choices=State.choices, default=State.ELIGIBLE)
    state_reason = models.CharField(max_length=32, blank=True)
    state_at = models.DateTimeField()
    # No foreign keys in the database: two checks a row would cost a third of an import.
    first_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    changed_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    objects = EligiblePersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="OPEN_FAILED") | ~Q(state_reason=""),
                name="rollout_eligibleperson_failure_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(channel="courriel") | ~Q(mail=""), name="rollout_eligibleperson_mail_has_address"
            ),
        ]
        indexes = [
            models.Index(
                fields=["double_of"], condition=Q(double_of__isnull=False), name="rollout_eligibleperson_doubles"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
