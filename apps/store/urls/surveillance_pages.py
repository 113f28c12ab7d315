"""Addresses of referenced services: back office and publisher (RV-09, RV-11, PU-11)."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.store.views import listing_acts, live_services, published_page, published_services, renewals, statistics

_LIVE = "instruction/services/<uuid:listing_id>/"
_OWN = "editeurs/services/<uuid:listing_id>/"

urlpatterns: list[URLPattern] = [
    path("instruction/services/", live_services.live_services, name="live_services"),
    path(_LIVE, live_services.live_service, name="live_service"),
    path(f"{_LIVE}<slug:act>/", listing_acts.listing_act, name="listing_act"),
    path("instruction/statistiques/", statistics.review_stats, name="review_stats"),
    path("instruction/statistiques/delais.csv", statistics.review_stats_file, name="review_stats_file"),
    path("editeurs/services/", published_services.published_services, name="published_services"),
    path(_OWN, published_services.published_service, name="published_service"),
    path(f"{_OWN}fiche/", published_page.published_page, name="published_page"),
    path(f"{_OWN}avenant/", renewals.amendment, name="amendment"),
    path(f"{_OWN}renouveler/", renewals.renewal, name="renewal"),
    path(f"{_OWN}<slug:act>/", published_services.published_act, name="published_act"),
]
