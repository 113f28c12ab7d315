"""Addresses of the store: commission, decision, agreement, publication, appeals (RV-08, RV-09, RV-13, RV-15)."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.store.views import (
    agreements,
    appeals,
    connections,
    decisions,
    publications,
    reservations,
    session_acts,
    session_items,
    session_pages,
    sessions,
)

SITTING = "instruction/commission/<uuid:session_id>/"
ITEM = f"{SITTING}<uuid:candidacy_id>/"
CASE = "instruction/dossiers/<uuid:candidacy_id>/"

urlpatterns: list[URLPattern] = [
    path("instruction/commission/", sessions.commission, name="commission"),
    path("instruction/commission/nouvelle/", sessions.commission_plan, name="commission_plan"),
    path(SITTING, session_pages.commission_session, name="commission_session"),
    path(f"{SITTING}ordre-du-jour/", session_acts.commission_agenda, name="commission_agenda"),
    path(f"{SITTING}envoi/", session_acts.commission_papers, name="commission_papers"),
    path(f"{SITTING}presences/", session_acts.commission_presence, name="commission_presence"),
    path(f"{SITTING}clore/", session_acts.commission_close, name="commission_close"),
    path(f"{SITTING}annuler/", session_acts.commission_cancel, name="commission_cancel"),
    path(f"{SITTING}compte-rendu/", session_pages.commission_minutes, name="commission_minutes"),
    path(ITEM, session_items.commission_item, name="commission_item"),
    path(f"{ITEM}votes/", session_items.commission_votes, name="commission_votes"),
    path(f"{ITEM}avis/", session_items.commission_opinion, name="commission_opinion"),
    path(f"{ITEM}avis/pdf/", session_items.commission_opinion_pdf, name="commission_opinion_pdf"),
    path(f"{ITEM}reporter/", session_items.commission_move, name="commission_move"),
    path(f"{CASE}decision/", decisions.decide, name="decide"),
    path(f"{CASE}decision/prendre/", decisions.decision_new, name="decision_new"),
    path(f"{CASE}decision/confirmer/", decisions.decision_confirm, name="decision_confirm"),
    path(f"{CASE}decision/<uuid:decision_id>/notification/", decisions.decision_notice, name="decision_notice"),
    path(f"{CASE}reserves/", reservations.reservations, name="reservations"),
    path(f"{CASE}reserves/<uuid:reservation_id>/", reservations.reservation_lift, name="reservation_lift"),
    path(f"{CASE}convention/", agreements.agreement, name="agreement"),
    path(f"{CASE}convention/document/", agreements.agreement_document, name="agreement_document"),
    path(f"{CASE}convention/signer/", agreements.agreement_sign, name="agreement_sign"),
    path(f"{CASE}accrochage/", connections.connection_tests, name="connection_tests"),
    path(f"{CASE}publier/", publications.publish, name="publish"),
    path(f"{CASE}publier/controles/", publications.publish_checks, name="publish_checks"),
    path(f"{CASE}recours/", appeals.appeal_case, name="appeal_case"),
    path(f"{CASE}recours/<uuid:appeal_id>/reponse/", appeals.appeal_answer, name="appeal_answer"),
    path("instruction/recours/", appeals.appeals, name="appeals"),
]
