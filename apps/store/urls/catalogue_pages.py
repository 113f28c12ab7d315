"""Addresses of the catalogue (P-05, ST-01, ST-02), its open data, and reports of problems (ST-06, RV-10)."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.store.api import views as api
from apps.store.views import catalogue, report_cases, service_page, user_reports

_SPACE = "e/<uuid:space_id>/services/"

urlpatterns: list[URLPattern] = [
    path("services/", catalogue.catalogue, name="catalogue"),
    path("services/catalogue.json", api.catalogue_json, name="catalogue_json"),
    path("services/catalogue.csv", api.catalogue_csv, name="catalogue_csv"),
    path("services/openapi.json", api.openapi_json, name="catalogue_openapi"),
    path("services/<slug:slug>/", service_page.service, name="service"),
    path("services/<slug:slug>/grille/", service_page.service_grid, name="service_grid"),
    path("services/<slug:slug>/images/<uuid:picture_id>/", service_page.service_picture, name="service_picture"),
    path("services/<slug:slug>/signaler/", user_reports.report, name="report"),
    path(_SPACE, catalogue.space_catalogue, name="space_catalogue"),
    path(f"{_SPACE}<slug:slug>/", service_page.space_service, name="space_service"),
    path(f"{_SPACE}<slug:slug>/signaler/", user_reports.space_report, name="space_report"),
    path("e/<uuid:space_id>/signalements/", user_reports.space_reports, name="space_reports"),
    path("instruction/signalements/", report_cases.reports, name="reports"),
    path("instruction/signalements/<uuid:report_id>/", report_cases.report_case, name="report_case"),
    path("instruction/signalements/<uuid:report_id>/prendre/", report_cases.report_triage, name="report_triage"),
]
