"""The register of people whose space opens by law."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InsIdentity
from apps.rollout.models.runs import ImportRun
from apps.rollout.models.waves import Wave
from apps.rollout.querysets import EligiblePersonQuerySet
from apps.spaces.models import Representation


class EligiblePerson(models.Model):
    """What the insurer says about one person beside the identity (personne éligible), and how far the opening is.

    `fingerprint` covers the whole line of the file: equal means unchanged. Numbers of representatives are kept as the
    file has them, their identity is looked up when the space opens. `double_of`: the same person seems to be known
    under another number; the space waits (decisions.md 31). `state` changes only by `apps.rollout.transitions`.
    `notice_sent_at` and `window_ends_at` are those of the sending that counts (SPA-04).
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
        """Names of spaces-and-identity.md 2.3, up to the opening; what follows is told by the space.

        `OPENING_ASKED`: somebody asked for the opening themselves, no window is waited for (SPA-08, SPA-10).
        """

        ELIGIBLE = "ELIGIBLE", _("eligible")
        NOTICE_QUEUED = "NOTICE_QUEUED", _("notice prepared")
        NOTICE_SENT = "NOTICE_SENT", _("notice sent")
        NOTICE_FAILED = "NOTICE_FAILED", _("notice failed")
        OPPOSED = "OPPOSED", _("opposed")
        OPPOSED_DMP_KEPT = "OPPOSED_DMP_KEPT", _("opposed, older DMP kept")
        OPENING_ASKED = "OPENING_ASKED", _("opening asked for")
        OPEN = "OPEN", _("open")
        OPEN_ACTIVE = "OPEN_ACTIVE", _("open and activated")
        OPEN_FAILED = "OPEN_FAILED", _("opening failed")
        NOT_OPENED_DEATH = "NOT_OPENED_DEATH", _("not opened: deceased")
        NOT_ELIGIBLE = "NOT_ELIGIBLE", _("no longer eligible")

    class Hold(models.TextChoices):
        """Why a person does not move on although nothing else is in the way; doubles are held by `double_of`."""

        NO_REPRESENTATIVE = "no-representative", _("minor without a known representative")
        RETURNED = "returned", _("notice came back, no other address")
        CONFLICT = "conflict", _("representatives who contradict each other")
        CLAIM = "claim", _("may be meant by an opposition that waits")

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
    had_dmp = models.BooleanField(default=False, db_default=False)  # an older DMP exists (SPA-21)
    fingerprint = models.CharField(max_length=32)
    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, null=True, blank=True, related_name="members", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    hold = models.CharField(max_length=20, choices=Hold.choices, blank=True, default="", db_default="")
    notice_sent_at = models.DateTimeField(null=True, blank=True)
    window_ends_at = models.DateTimeField(null=True, blank=True)  # first instant after the window
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
            models.CheckConstraint(
                condition=~Q(state="NOTICE_SENT") | Q(notice_sent_at__isnull=False, window_ends_at__isnull=False),
                name="rollout_eligibleperson_sent_has_window",
            ),
        ]
        indexes = [
            models.Index(fields=["wave", "state"], name="rollout_eligibleperson_wave"),
            models.Index(
                fields=["wave", "identity"],
                condition=Q(state="ELIGIBLE", wave__isnull=False),
                name="rollout_eligibleperson_next",
            ),
            models.Index(fields=["hold", "identity"], condition=~Q(hold=""), name="rollout_eligibleperson_held"),
            models.Index(
                fields=["window_ends_at"],
                condition=Q(state="NOTICE_SENT"),
                name="rollout_eligibleperson_window",
            ),
            models.Index(
                fields=["double_of"], condition=Q(double_of__isnull=False), name="rollout_eligibleperson_doubles"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
