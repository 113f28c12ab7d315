from __future__ import annotations

from django.urls import path

from apps.accounts.views import franceconnect as views
from apps.accounts.views import reauthenticate, session

app_name = "accounts"

urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("connexion/aide/", views.sign_in_help, name="sign_in_help"),
    path("connexion/franceconnect/", views.fc_start, name="fc_start"),
    path("connexion/franceconnect/retour/", views.fc_callback, name="fc_callback"),
    path("connexion/franceconnect/cles/", views.fc_keys, name="fc_keys"),
    path("confirmer-identite/", reauthenticate.reauthenticate, name="reauthenticate"),
    path("confirmer-identite/franceconnect/", reauthenticate.reauthenticate_fc, name="reauthenticate_fc"),
    path("session/expire-bientot/", session.session_expiring, name="session_expiring"),
    path("session/prolonger/", session.session_extend, name="session_extend"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("deconnexion/terminee/", views.signed_out, name="signed_out"),
]
