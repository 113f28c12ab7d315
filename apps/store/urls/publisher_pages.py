"""Addresses of the store: sign-up, home and organisation of publishers (PU-01, PU-02)."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.store.views import accounts, home, join_requests, members, organisation, registering

ORGANISATION = "editeurs/organisme/"
MEMBERS = f"{ORGANISATION}membres/"

urlpatterns: list[URLPattern] = [
    path("editeurs/", home.publisher_home, name="publisher_home"),
    path("editeurs/criteres.csv", home.criteria_csv, name="criteria_csv"),
    path("editeurs/inscription/", accounts.publisher_sign_up, name="publisher_sign_up"),
    path("editeurs/inscription/envoyee/", accounts.publisher_sign_up_sent, name="publisher_sign_up_sent"),
    path("editeurs/adresses/confirmer/", organisation.address_confirm, name="address_confirm"),
    path("editeurs/adresses/confirmee/", organisation.address_confirmed, name="address_confirmed"),
    path("editeurs/adresses/<str:key>/", organisation.address_key, name="address_key"),
    path(ORGANISATION, organisation.publisher, name="publisher"),
    path(f"{ORGANISATION}nouveau/", registering.publisher_register, name="publisher_register"),
    path(f"{ORGANISATION}nouveau/coordonnees/", registering.publisher_details, name="publisher_details"),
    path(f"{ORGANISATION}rejoindre/", registering.publisher_join, name="publisher_join"),
    path(f"{ORGANISATION}rejoindre/retirer/", registering.publisher_join_withdraw, name="publisher_join_withdraw"),
    path(f"{ORGANISATION}modifier/", organisation.publisher_change, name="publisher_change"),
    path(f"{ORGANISATION}adresses/", organisation.publisher_address, name="publisher_address"),
    path(MEMBERS, members.members, name="members"),
    path(f"{MEMBERS}demandes/<uuid:request_id>/", join_requests.join_request, name="join_request"),
    path(f"{MEMBERS}<uuid:member_id>/", members.member, name="member"),
    path(f"{MEMBERS}<uuid:member_id>/mandat/", members.member_mandate, name="member_mandate"),
    path(f"{MEMBERS}<uuid:member_id>/mandat/fichier/", members.member_mandate_file, name="member_mandate_file"),
    path(f"{MEMBERS}<uuid:member_id>/fin/", members.member_end, name="member_end"),
]
