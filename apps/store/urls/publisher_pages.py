"""Addresses of the store: sign-up, home and organisation of publishers (PU-01, PU-02)."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.store.views import accounts, home

urlpatterns: list[URLPattern] = [
    path("editeurs/", home.publisher_home, name="publisher_home"),
    path("editeurs/criteres.csv", home.criteria_csv, name="criteria_csv"),
    path("editeurs/inscription/", accounts.publisher_sign_up, name="publisher_sign_up"),
    path("editeurs/inscription/envoyee/", accounts.publisher_sign_up_sent, name="publisher_sign_up_sent"),
]
