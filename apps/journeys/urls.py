"""Addresses of pages that several domains share: public home, legal texts, the holder's home and history."""

from __future__ import annotations

from django.urls import path, register_converter

from apps.journeys.guide import AboutPageConverter
from apps.journeys.legal_pages import LegalPageConverter
from apps.journeys.views import (
    choose,
    enclosing,
    guide,
    legal,
    metrics,
    operation,
    privacy,
    public,
    saving,
    settings,
    space,
)

register_converter(LegalPageConverter, "legal_page")
register_converter(AboutPageConverter, "about_page")

app_name = "journeys"
urlpatterns = [
    path("", public.home, name="home"),
    path("comprendre/", guide.about, name="about"),
    path("comprendre/<about_page:page>/", guide.about_page, name="about_page"),
    path("aide/", guide.help_home, name="help"),
    path("aide/<slug:slug>/", guide.help_article, name="help_article"),
    path("etat/", guide.status, name="status"),
    path("-/metriques", metrics.metrics, name="metrics"),
    path("plan-du-site/", public.site_map, name="site_map"),
    path("<legal_page:page>/", legal.page, name="legal"),
    path(".well-known/security.txt", legal.security_txt, name="security_txt"),
    path("choisir-espace/", choose.choose_space, name="choose_space"),
    path("exploitation/quarantaine/", operation.quarantine, name="quarantine"),
    path(
        "exploitation/quarantaine/<uuid:vault_id>/<uuid:file_id>/analyser/",
        operation.quarantine_check_again,
        name="quarantine_check_again",
    ),
    path(
        "exploitation/quarantaine/<uuid:vault_id>/<uuid:file_id>/detruire/",
        operation.quarantine_destroy,
        name="quarantine_destroy",
    ),
    path("e/<uuid:space_id>/", space.dashboard, name="dashboard"),
    path("e/<uuid:space_id>/parametres/", settings.settings, name="settings"),
    path("e/<uuid:space_id>/confidentialite/", privacy.privacy, name="privacy"),
    path("e/<uuid:space_id>/confidentialite/masquer/", privacy.privacy_hide, name="privacy_hide"),
    path("e/<uuid:space_id>/confidentialite/montrer/", privacy.privacy_show, name="privacy_show"),
    path(
        "e/<uuid:space_id>/messagerie/pieces/<uuid:attachment_id>/enregistrer/",
        saving.attachment_save,
        name="attachment_save",
    ),
    path(
        "e/<uuid:space_id>/messagerie/brouillons/<uuid:draft_id>/documents/",
        enclosing.draft_documents,
        name="draft_documents",
    ),
    path("e/<uuid:space_id>/historique/", space.access_history, name="access_history"),
]
