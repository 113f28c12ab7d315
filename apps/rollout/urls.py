"""Addresses of the roll-out: opposition and activation for everybody, the console for the staff."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.rollout.views import opposition as opposition_pages
from apps.rollout.views import opposition_acts, other_ways, receipts, stopping

app_name = "rollout"

opposition: list[URLPattern] = [
    path("opposition/", opposition_pages.opposition_start, name="opposition_start"),
    path("opposition/code/", opposition_pages.opposition_identify, name="opposition_identify"),
    path("opposition/qualite/", opposition_pages.opposition_capacity, name="opposition_capacity"),
    path("opposition/choix/", opposition_pages.opposition_choice, name="opposition_choice"),
    path("opposition/verifier/", opposition_acts.opposition_check, name="opposition_check"),
    path("opposition/enregistree/", opposition_acts.opposition_done, name="opposition_done"),
    path("opposition/retirer/", opposition_acts.opposition_withdraw, name="opposition_withdraw"),
    path("opposition/confirmer/", opposition_acts.opposition_confirm, name="opposition_confirm"),
    path("opposition/clore/", opposition_acts.opposition_close, name="opposition_close"),
    path("opposition/terminer/", opposition_acts.opposition_finish, name="opposition_finish"),
    path("opposition/autrement/", other_ways.opposition_other_ways, name="opposition_other_ways"),
    path("opposition/autrement/<str:kind>", other_ways.opposition_form, name="opposition_form"),
    path("opposition/recepisse/<str:handle>/", receipts.receipt_download, name="receipt_download"),
    path("recepisse/", receipts.receipt_check, name="receipt_check"),
]
activation: list[URLPattern] = []
console: list[URLPattern] = [
    path("deploiement/arret/", stopping.stop, name="stop"),
    path("deploiement/arret/<uuid:stop_id>/reprise/", stopping.restart_ask, name="restart_ask"),
    path("deploiement/arret/<uuid:stop_id>/reprise/confirmer/", stopping.restart_confirm, name="restart_confirm"),
]

urlpatterns: list[URLPattern] = [*opposition, *activation, *console]
