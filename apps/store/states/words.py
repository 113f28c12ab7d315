"""Names of the two machines: states, events, whose hand moves, who is waited for. Values are those of store.md."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where a dossier stands (STO-47 to STO-69, decisions.md 21)."""

    DRAFT = "brouillon", pgettext_lazy("dossier", "draft")
    SUBMITTED = "depose", pgettext_lazy("dossier", "sent")
    ADMISSIBILITY = "recevabilite", pgettext_lazy("dossier", "admissibility")
    INCOMPLETE = "incomplet", pgettext_lazy("dossier", "incomplete")
    ASSESSMENT = "instruction", pgettext_lazy("dossier", "assessment")
    COMPLEMENT = "complement", pgettext_lazy("dossier", "complements asked for")
    READY = "pret_commission", pgettext_lazy("dossier", "ready for the commission")
    COMMISSION = "en_commission", pgettext_lazy("dossier", "before the commission")
    OPINION = "avis_rendu", pgettext_lazy("dossier", "opinion given")
    RESERVATIONS = "reserves", pgettext_lazy("dossier", "reservations to lift")
    AGREEMENT = "convention", pgettext_lazy("dossier", "agreement to sign")
    CONNECTION = "accrochage", pgettext_lazy("dossier", "connection tests")
    READY_TO_PUBLISH = "pret_publication", pgettext_lazy("dossier", "ready to publish")
    PUBLISHED = "publie", pgettext_lazy("dossier", "published")
    REFUSED = "refuse", pgettext_lazy("dossier", "refused")
    INADMISSIBLE = "irrecevable", pgettext_lazy("dossier", "not admissible")
    LAPSED = "caduc", pgettext_lazy("dossier", "lapsed")
    ABANDONED = "abandonne", pgettext_lazy("dossier", "given up")
    APPEAL = "recours", pgettext_lazy("dossier", "appeal under examination")


class ListingStatus(models.TextChoices):
    """Where a referenced service stands (STO-70 to STO-80)."""

    PUBLISHED = "publie", pgettext_lazy("service", "referenced")
    DECLARATION_DUE = "declaration_due", pgettext_lazy("service", "yearly declaration due")
    AUDIT = "audit", pgettext_lazy("service", "under audit")
    FORMAL_NOTICE = "mise_en_demeure", pgettext_lazy("service", "formal notice")
    SUSPENDED = "suspendu", pgettext_lazy("service", "suspended")
    LEAVING = "retrait_programme", pgettext_lazy("service", "withdrawal planned")
    WITHDRAWN = "retire", pgettext_lazy("service", "withdrawn")
    EXPIRED = "expire", pgettext_lazy("service", "agreement over")


class Event(models.TextChoices):
    """What moves a dossier or a listing; the only way to move."""

    CREATE = "create", _("dossier begun")
    SUBMIT = "submit", _("dossier sent")
    CHECKS_DONE = "checks_done", _("automatic checks finished")
    ACCEPT = "accept", _("dossier admissible")
    ASK = "ask", _("complements asked for")
    ANSWER = "answer", _("answer received")
    TIMEOUT = "timeout", _("term over")
    REJECT = "reject", _("dossier not admissible")
    REPORT_READY = "report_ready", _("report ready")
    SCHEDULE = "schedule", _("put on an agenda")
    OPINION = "opinion", _("opinion of the commission")
    DECIDE_REFUSE = "decide_refuse", _("refusal")
    DECIDE_ACCEPT = "decide_accept", _("favourable decision")
    REQUIRE_LIFT = "require_lift", _("reservations to lift first")
    LIFTED = "lifted", _("reservations lifted")
    SIGNED = "signed", _("agreement signed by the three parties")
    TESTS_PASSED = "tests_passed", _("connection tests passed")
    TESTS_FAILED = "tests_failed", _("connection tests failed")
    PUBLISH = "publish", _("publication")
    WITHDRAW = "withdraw", _("withdrawal")
    APPEAL = "appeal", _("appeal")
    UPHOLD = "uphold", _("decision upheld")
    OVERTURN = "overturn", _("decision overturned")
    HAND_OVER = "hand_over", _("handed over")  # changes who is waited for, never the state
    YEARLY_DUE = "yearly_due", _("yearly declaration asked for")
    DECLARED = "declared", _("yearly declaration received")
    LATE = "late", _("yearly declaration missing")
    AUDIT_START = "audit_start", _("audit begun")
    CONFORM = "conform", _("audit without remark")
    ANOMALIES = "anomalies", _("anomalies found")
    RED_CHECK = "red_check", _("incident or failed check")
    REMEDIED = "remedied", _("remedied")
    SUSPEND = "suspend", _("suspension")
    LIFT = "lift", _("end of the suspension")
    EFFECT_DATE = "effect_date", _("withdrawal takes effect")
    CONVENTION_END = "convention_end", _("end of the agreement")


class Party(models.TextChoices):
    """By whom an event comes."""

    PUBLISHER = "editeur", _("publisher")
    SIGNATORY = "signataire", _("signatory of the publisher")
    SYSTEM = "systeme", _("portal")
    DESK = "guichet", _("desk")
    ASSESSOR = "instructeur", _("assessor")
    SECRETARIAT = "secretariat", _("secretariat of the commission")
    DELEGATE = "delegue", _("minister's delegate")
    SIGNATORIES = "signataires", _("three signatories")
    APPEALS = "recours", _("officer for appeals")


class Queue(models.TextChoices):
    """Who is waited for; empty in a row: nobody (STO-83)."""

    PUBLISHER = "editeur", _("publisher")
    DESK = "guichet", _("desk")
    ASSESSOR = "instructeur", _("assessor")
    SECOND_READER = "second_lecteur", _("second reader")
    PRIVACY = "donnees", _("data-protection check")
    SECRETARIAT = "secretariat", _("secretariat of the commission")
    DELEGATE = "delegue", _("minister's delegate")
    CONFIRMER = "confirmation", _("second signature of the minister's delegates")
    APPEALS = "recours", _("officer for appeals")
