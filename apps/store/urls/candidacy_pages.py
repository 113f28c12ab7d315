"""Addresses of the store: dossiers of a publisher (PU-03 to PU-07)."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.store.views import (
    candidacies,
    candidacy,
    candidacy_acts,
    consent_pages,
    declared,
    orientation_page,
    sections,
    sheet_page,
    submitting,
)

_LIST = "editeurs/candidatures/"
_ONE = f"{_LIST}<uuid:candidacy_id>/"
_TEXT = f"{_ONE}informations/<slug:category>/<slug:direction>/"

urlpatterns: list[URLPattern] = [
    path(_LIST, candidacies.candidacy_list, name="candidacy_list"),
    path(f"{_LIST}nouvelle/", candidacies.candidacy_new, name="candidacy_new"),
    path(_ONE, candidacy.candidacy, name="candidacy"),
    path(f"{_ONE}orientation/", orientation_page.orientation, name="orientation"),
    path(f"{_ONE}rubrique/<slug:section>/", sections.candidacy_section, name="candidacy_section"),
    path(f"{_ONE}fiche/", sheet_page.candidacy_sheet, name="candidacy_sheet"),
    path(f"{_ONE}informations/", consent_pages.consent_texts, name="consent_texts"),
    path(_TEXT, consent_pages.consent_text, name="consent_text"),
    path(f"{_TEXT}retirer/", consent_pages.consent_text_remove, name="consent_text_remove"),
    path(f"{_ONE}envoyer/", submitting.submit, name="submit"),
    path(f"{_ONE}declaration/<slug:declared>/", declared.candidacy_declared, name="candidacy_declared"),
    path(f"{_ONE}recepisse/", submitting.candidacy_receipt, name="candidacy_receipt"),
    path(f"{_ONE}relire/", candidacy_acts.candidacy_read, name="candidacy_read"),
    path(f"{_ONE}retirer/", candidacy_acts.candidacy_withdraw, name="candidacy_withdraw"),
    path(f"{_ONE}reprendre/", candidacy_acts.candidacy_copy, name="candidacy_copy"),
]
