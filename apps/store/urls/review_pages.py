"""Addresses of the back office: queue, and one dossier (RV-01 to RV-07, RV-14)."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.store.views import (
    case_acts,
    declared,
    review_admissibility,
    review_case,
    review_checks,
    review_complements,
    review_exchange,
    review_grid,
    review_opinion,
    review_queue,
)

_CASE = "instruction/dossiers/<uuid:candidacy_id>/"

urlpatterns: list[URLPattern] = [
    path("instruction/", review_queue.review_queue, name="review_queue"),
    path("instruction/suivant/", review_queue.take_next, name="take_next"),
    path(_CASE, review_case.review_case, name="review_case"),
    path(f"{_CASE}pieces/<uuid:evidence_id>/", review_case.case_evidence, name="case_evidence"),
    path(f"{_CASE}declaration/<slug:declared>/", declared.case_declared, name="case_declared"),
    path(f"{_CASE}historique/", review_case.case_history, name="case_history"),
    path(f"{_CASE}conflit/", case_acts.conflict, name="conflict"),
    path(f"{_CASE}prendre/", case_acts.take, name="case_take"),
    path(f"{_CASE}attribuer/", case_acts.assign, name="assign"),
    path(f"{_CASE}recevabilite/", review_admissibility.admissibility, name="admissibility"),
    path(f"{_CASE}recevabilite/accepter/", review_admissibility.admissibility_accept, name="admissibility_accept"),
    path(f"{_CASE}recevabilite/demander/", review_admissibility.admissibility_ask, name="admissibility_ask"),
    path(f"{_CASE}recevabilite/rejeter/", review_admissibility.admissibility_reject, name="admissibility_reject"),
    path(f"{_CASE}grille/", review_grid.criteria_grid, name="criteria_grid"),
    path(f"{_CASE}grille/<slug:code>/", review_grid.criterion, name="criterion"),
    path(f"{_CASE}controles/", review_checks.case_checks, name="case_checks"),
    path(f"{_CASE}controles/relancer/", review_checks.case_rerun, name="case_rerun"),
    path(f"{_CASE}controles/<uuid:step_id>/", review_checks.case_override, name="case_override"),
    path(
        f"{_CASE}controles/<uuid:step_id>/confirmer/",
        review_checks.case_override_confirm,
        name="case_override_confirm",
    ),
    path(f"{_CASE}complements/", review_complements.ask_complements, name="ask_complements"),
    path(f"{_CASE}avis/", review_opinion.opinion, name="opinion"),
    path(f"{_CASE}echanges/", review_exchange.case_exchange, name="case_exchange"),
]
