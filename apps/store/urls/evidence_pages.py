"""Addresses of the store: evidence, checks, exchange and decision of a dossier, for its publisher (PU-06 to PU-10)."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.store.views import checks, decision, evidence, evidence_acts, exchange, replies, signing

_DOSSIER = "editeurs/candidatures/<uuid:candidacy_id>/"
_PIECE = "editeurs/pieces/<uuid:evidence_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{_DOSSIER}pieces/", evidence.evidence, name="evidence"),
    path(f"{_DOSSIER}pieces/ajouter/", evidence.evidence_add, name="evidence_add"),
    path(f"{_PIECE}fichier/", evidence.evidence_file, name="evidence_file"),
    path(f"{_PIECE}versions/", evidence.evidence_versions, name="evidence_versions"),
    path(f"{_PIECE}modifier/", evidence_acts.evidence_change, name="evidence_change"),
    path(f"{_PIECE}retirer/", evidence_acts.evidence_remove, name="evidence_remove"),
    path(f"{_DOSSIER}controles/", checks.checks, name="checks"),
    path(f"{_DOSSIER}controles/lancer/", checks.checks_run, name="checks_run"),
    path("editeurs/controles/<uuid:step_id>/contester/", checks.check_contest, name="check_contest"),
    path(f"{_DOSSIER}echanges/", exchange.exchange, name="exchange"),
    path(f"{_DOSSIER}echanges/envoyer/", exchange.answers_send, name="answers_send"),
    path(f"{_DOSSIER}echanges/reserves/envoyer/", exchange.reservations_send, name="reservations_send"),
    path("editeurs/demandes/<uuid:item_id>/", replies.request_item, name="request_item"),
    path("editeurs/reserves/<uuid:reservation_id>/", replies.reservation_answer, name="reservation_answer"),
    path(f"{_DOSSIER}decision/", decision.decision, name="decision"),
    path(f"{_DOSSIER}recours/", decision.candidacy_appeal, name="candidacy_appeal"),
    path(
        f"{_DOSSIER}recours/<uuid:appeal_id>/reponse/", decision.candidacy_appeal_answer, name="candidacy_appeal_answer"
    ),
    path("editeurs/decisions/<uuid:decision_id>/notification/", decision.candidacy_notice, name="candidacy_notice"),
    path(f"{_DOSSIER}convention/", decision.candidacy_agreement, name="candidacy_agreement"),
    path(f"{_DOSSIER}convention/signer/", signing.candidacy_sign, name="candidacy_sign"),
]
