"""What a publisher declares: answers, texts of consent, pieces of evidence, the page to be (STO-03, STO-04, STO-29)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.common.ids import uuid7
from apps.store.models.candidacies import Candidacy
from apps.store.models.publishers import Publisher
from apps.store.models.waiting import done_by


class Answer(models.Model):
    """Answer to one criterion (STO-29). `data`: fields of `criteria.FIELDS`. `version` counts up with each saving, so
    that two members at once see each other; what became not applicable stays and is not shown (STO-28).
    """

    class Value(models.TextChoices):
        CONFORM = "conforme", _("compliant")
        NOT_CONFORM = "non_conforme", _("not compliant")
        NOT_APPLICABLE = "non_applicable", _("not applicable")
        IN_PROGRESS = "en_cours", _("in progress")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="answers")
    criterion = models.CharField(max_length=12)
    value = models.CharField(max_length=16, choices=Value.choices, blank=True)
    comment = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    declared_by = done_by()
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidacy", "criterion"], name="store_answer_one_a_criterion")]

    def __str__(self) -> str:
        return self.criterion


class ConsentText(models.Model):
    """For one category of data in one direction, what the law wants in the dossier (STO-04), and the very text that
    the holder will read before consenting. `version` counts up with each change.
    """

    class Category(models.TextChoices):
        DOCUMENTS = "documents", pgettext_lazy("data", "documents of the record")
        MEASURES = "mesures", pgettext_lazy("data", "health measurements")
        AGENDA = "agenda", pgettext_lazy("data", "appointments")
        IDENTITY = "identite", pgettext_lazy("data", "identity traits")

    class Direction(models.TextChoices):
        READ = "read", pgettext_lazy("data", "read")
        WRITE = "write", pgettext_lazy("data", "add")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="consent_texts")
    category = models.CharField(max_length=12, choices=Category.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    need = models.TextField()
    access = models.TextField()
    retention = models.CharField(max_length=300)
    security = models.TextField()
    text = models.TextField()  # word for word on the page of consent
    version = models.PositiveIntegerField(default=1)
    written_by = done_by()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "category", "direction"], name="store_consenttext_one_a_category"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="store_consenttext_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.direction}"


class Evidence(models.Model):
    """One file that proves something (pièce), in the vault of the publisher; a new version replaces, nothing is lost.

    `file_state` and `finding` of the antivirus stand with the file. `use`: where it belongs. `secrets_found`: kinds of
    secrets that were found in it (L15), once they were looked for.
    """

    class Use(models.TextChoices):
        EVIDENCE = "evidence", _("piece of evidence")
        LOGO = "logo", _("logo")
        SCREENSHOT = "screenshot", _("screenshot")
        CORRESPONDENCE = "exchange", _("file of the exchange")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="evidence")
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="evidence")
    use = models.CharField(max_length=12, choices=Use.choices, default=Use.EVIDENCE)
    criteria = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    title = models.CharField(max_length=200)
    alternative = models.CharField(max_length=300, blank=True)  # text of a screenshot (STO-84)
    name = models.CharField(max_length=255)  # as sent, cleaned for people
    media_type = models.CharField(max_length=80)  # by content
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    vault_id = models.UUIDField()
    file_id = models.UUIDField()
    issued_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)  # STO-30
    warned_at_days = models.PositiveSmallIntegerField(null=True, blank=True)  # last of 90, 30, 7 that was told
    secrets_found = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    secrets_looked_at = models.DateTimeField(null=True, blank=True)
    secrets_tries = models.PositiveSmallIntegerField(default=0)  # searches that began (REL-07)
    position = models.PositiveSmallIntegerField(default=0)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    added_by = done_by()
    added_at = models.DateTimeField()
    changed_by = done_by(null=True, blank=True)  # the words about it, not the file
    changed_at = models.DateTimeField(null=True, blank=True)
    removed_by = done_by(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)  # replaced or taken away

    class Meta:
        constraints = [
            # A dossier that takes up a refused one shows the same files again.
            models.UniqueConstraint(
                fields=["candidacy", "vault_id", "file_id"], name="store_evidence_one_a_file_and_dossier"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="store_evidence_has_title"),
        ]
        indexes = [
            models.Index(fields=["candidacy", "id"], condition=Q(removed_at=None), name="store_evidence_current"),
            models.Index(
                fields=["valid_until"],
                condition=Q(removed_at=None, valid_until__isnull=False),
                name="store_evidence_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Sheet(models.Model):
    """The public page of a service (fiche, STO-84): one for each dossier, and one for each editorial change after.

    `listing_id` is set once it was shown; the newest shown one is the page. `prices` and links as they stand there.
    """

    class Price(models.TextChoices):
        FREE = "gratuit", pgettext_lazy("price", "free of charge")
        PAID = "payant", pgettext_lazy("price", "paid")
        REIMBURSED = "rembourse", pgettext_lazy("price", "reimbursed")

    class Audience(models.TextChoices):
        ADULT = "adulte", pgettext_lazy("audience", "adults")
        CHILD = "enfant", pgettext_lazy("audience", "children")
        CARER = "aidant", pgettext_lazy("audience", "carers")

    class Need(models.TextChoices):
        """[proposal] Needs by which people look for a service."""

        CHRONIC = "maladie_chronique", pgettext_lazy("need", "chronic illness")
        CHILDHOOD = "enfant", pgettext_lazy("need", "child")
        PREGNANCY = "grossesse", pgettext_lazy("need", "pregnancy")
        SLEEP = "sommeil", pgettext_lazy("need", "sleep")
        MIND = "sante_mentale", pgettext_lazy("need", "mental health")
        MOVEMENT = "activite_physique", pgettext_lazy("need", "physical activity")
        MEDICINES = "medicaments", pgettext_lazy("need", "medicines")
        APPOINTMENTS = "rendez_vous", pgettext_lazy("need", "appointments")
        CARERS = "aidants", pgettext_lazy("need", "carers")
        PREVENTION = "prevention", pgettext_lazy("need", "prevention")

    class Platform(models.TextChoices):
        WEB = "web", _("website")
        IOS = "ios", "iOS"
        ANDROID = "android", "Android"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="sheets")
    version = models.PositiveIntegerField(default=1)
    tagline = models.CharField(max_length=80, blank=True)
    description = models.TextField(max_length=2000, blank=True)
    needs = ArrayField(models.CharField(max_length=24, choices=Need.choices), default=list, blank=True)
    audiences = ArrayField(models.CharField(max_length=8, choices=Audience.choices), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)  # ISO 639-1
    platforms = ArrayField(models.CharField(max_length=8, choices=Platform.choices), default=list, blank=True)
    price = models.CharField(max_length=12, choices=Price.choices, blank=True)
    price_detail = models.CharField(max_length=300, blank=True)
    web_url = models.URLField(max_length=2000, blank=True)
    app_store_url = models.URLField(max_length=2000, blank=True)
    play_store_url = models.URLField(max_length=2000, blank=True)
    privacy_url = models.URLField(max_length=2000, blank=True)
    legal_url = models.URLField(max_length=2000, blank=True)
    accessibility_url = models.URLField(max_length=2000, blank=True)
    accessibility_rate = models.PositiveSmallIntegerField(null=True, blank=True)  # percent
    hosting_country = models.CharField(max_length=2, blank=True)  # ISO 3166-1
    hosting_name = models.CharField(max_length=120, blank=True)
    device_class = models.CharField(max_length=4, blank=True)  # I, IIa, IIb, III
    device_udi = models.CharField(max_length=80, blank=True)
    eco_score = models.CharField(max_length=1, blank=True)
    support_email = models.EmailField(blank=True)
    support_phone = models.CharField(max_length=20, blank=True)
    written_by = done_by()
    written_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accessibility_rate=None) | Q(accessibility_rate__lte=100),
                name="store_sheet_rate_is_percent",
            ),
            models.UniqueConstraint(
                fields=["candidacy"],
                condition=Q(shown_at__isnull=False, replaced_at=None),
                name="store_sheet_one_is_shown",
            ),
            models.UniqueConstraint(
                fields=["candidacy"], condition=Q(shown_at=None, replaced_at=None), name="store_sheet_one_is_written"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
