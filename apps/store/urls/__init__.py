"""Addresses of the store: publishers, back office, catalogue."""

from __future__ import annotations

from django.urls import URLPattern

from apps.store.urls import (
    candidacy_pages,
    catalogue_pages,
    commission_pages,
    evidence_pages,
    publisher_pages,
    review_pages,
    surveillance_pages,
)

app_name = "store"

urlpatterns: list[URLPattern] = [
    *publisher_pages.urlpatterns,
    *candidacy_pages.urlpatterns,
    *evidence_pages.urlpatterns,
    *review_pages.urlpatterns,
    *commission_pages.urlpatterns,
    *surveillance_pages.urlpatterns,
    *catalogue_pages.urlpatterns,
]
