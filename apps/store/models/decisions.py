"""Decisions, appeals and the agreement (STO-06, STO-11, STO-45, STO-60 to STO-64, decisions.md 26 and 37)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.common.ids import uuid7
from apps.store.models.candidacies import Candidacy
from apps.store.models.waiting import done_by

_ADVERSE = ("refuse", "inadmissible", "suspend", "withdraw")
_CONFIRMED = ("refuse", "suspend", "withdraw")


class Decision(models.Model):
    """One decision with its reasons (STO-11). Refusal, suspension and withdrawal are confirmed by somebody else before
    their notice leaves (decisions.md 26). `assessor` and `second_reader` are copied here, so that the table itself
    refuses that somebody decides about what they have judged.

    `listing_id`: of a running service, without a foreign key so that both tables can be read alone.
    """

    class Kind(models.TextChoices):
        ACCEPT = "accept", _("favourable decision")
        REQUIRE_LIFT = "require_lift", _("favourable once the reservations are lifted")
        REFUSE = "refuse", _("refusal")
        INADMISSIBLE = "inadmissible", _("not admissible")
        SUSPEND = "suspend", _("suspension")
        PRECAUTION = "precaution", _("suspension as a precaution")  # CNAM, fifteen days (STO-76)
        LIFT = "lift", _("end of a suspension")
        WITHDRAW = "withdraw", _("withdrawal")
        FORMAL_NOTICE = "formal_notice", _("formal notice")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="decisions")
    listing_id = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    ground = models.TextField()  # the law it stands on
    facts = models.TextField()
    criteria = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    effect_on = models.DateField(null=True, blank=True)
    signatory = models.CharField(max_length=200, blank=True)  # name and capacity, as the notice prints them
    decided_by = done_by()
    decided_at = models.DateTimeField()
    confirmed_by = done_by(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    returned_by = done_by(null=True, blank=True)  # the second person sends it back
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    assessor = done_by(null=True, blank=True)
    second_reader = done_by(null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)  # day zero of the remedies
    first_read_at = models.DateTimeField(null=True, blank=True)
    vault_id = models.UUIDField(null=True, blank=True)  # the notice as tagged PDF
    file_id = models.UUIDField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("decided_by")),
                name="store_decision_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=(Q(assessor=None) | ~Q(decided_by=F("assessor")))
                & (Q(second_reader=None) | ~Q(decided_by=F("second_reader")))
                & (Q(assessor=None) | Q(confirmed_by=None) | ~Q(confirmed_by=F("assessor")))
                & (Q(second_reader=None) | Q(confirmed_by=None) | ~Q(confirmed_by=F("second_reader"))),
                name="store_decision_nobody_judges_twice",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_CONFIRMED) | Q(notified_at=None) | Q(confirmed_at__isnull=False),
                name="store_decision_notified_when_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__gte=F("decided_at")),
                name="store_decision_confirmed_after",
            ),
            models.CheckConstraint(condition=~Q(ground="") & ~Q(facts=""), name="store_decision_has_reasons"),
        ]
        indexes = [models.Index(fields=["candidacy", "-decided_at"], name="store_decision_of_candidacy")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_adverse(self) -> bool:
        """Whether the publisher may appeal against it."""
        return self.kind in _ADVERSE

    @property
    def needs_confirmation(self) -> bool:
        return self.kind in _CONFIRMED


class Appeal(models.Model):
    """One appeal against one decision, handled by people who did not take it (STO-45, L7).

    A lapsed dossier has no decision: then `decision` is None and the appeal is about the lapse.
    """

    class Kind(models.TextChoices):
        GRACIOUS = "gracieux", _("to whoever decided (recours gracieux)")
        HIERARCHICAL = "hierarchique", _("to the minister (recours hiérarchique)")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("decision upheld")
        OVERTURNED = "overturned", _("decision overturned")
        SILENCE = "silence", _("rejected by silence")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="appeals")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="appeals")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField()
    filed_by = done_by()
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = done_by(null=True, blank=True)  # copied from the decision
    confirmed_by = done_by(null=True, blank=True)
    handled_by = done_by(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    reasons = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    vault_id = models.UUIDField(null=True, blank=True)  # the answer as tagged PDF
    file_id = models.UUIDField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy"], condition=Q(closed_at=None), name="store_appeal_one_open_a_candidacy"
            ),
            models.CheckConstraint(
                condition=Q(handled_by=None)
                | (Q(decided_by=None) | ~Q(handled_by=F("decided_by")))
                & (Q(confirmed_by=None) | ~Q(handled_by=F("confirmed_by"))),
                name="store_appeal_handled_by_others",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None)
                | Q(outcome="silence", closed_at__isnull=False)
                | Q(outcome__in=["upheld", "overturned"], closed_at__isnull=False, handled_by__isnull=False)
                & ~Q(reasons=""),
                name="store_appeal_closed_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Agreement(models.Model):
    """The agreement (convention) of three parties over one document (STO-06, STO-64).

    `document_hash`: SHA-256 of the PDF. `reads`, `writes`: categories of data that consent may ever open; scopes at
    runtime never exceed them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="agreements")
    document_hash = models.CharField(max_length=64)
    vault_id = models.UUIDField()
    file_id = models.UUIDField()
    reads = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    writes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)  # once signed
    ends_on = models.DateField(null=True, blank=True)  # three years later (STO-43)
    years = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)  # the third signature
    superseded_at = models.DateTimeField(null=True, blank=True)  # an appeal has opened the dossier anew

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy"], condition=Q(superseded_at=None), name="store_agreement_one_a_candidacy"
            ),
            models.UniqueConstraint(fields=["id", "document_hash"], name="store_agreement_hash"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Signature(models.Model):
    """One party has read and accepted the document of this hash after showing again who it is (decisions.md 37)."""

    class Party(models.TextChoices):
        PUBLISHER = "editeur", pgettext_lazy("party", "publisher")
        CNAM = "cnam", pgettext_lazy("party", "national health insurance")
        MINISTER = "ministre", pgettext_lazy("party", "minister")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=8, choices=Party.choices)
    user = done_by()
    name = models.CharField(max_length=120)
    document_hash = models.CharField(max_length=64)  # a trigger wants that of the agreement
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="store_signature_one_a_party"),
            models.UniqueConstraint(fields=["agreement", "user"], name="store_signature_three_people"),
        ]

    def __str__(self) -> str:
        return self.party
