from __future__ import annotations

from django.urls import path

from apps.accounts.views import franceconnect as views

app_name = "accounts"

urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("connexion/aide/", views.sign_in_help, name="sign_in_help"),
    path("connexion/franceconnect/", views.fc_start, name="fc_start"),
    path("connexion/franceconnect/retour/", views.fc_callback, name="fc_callback"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("deconnexion/terminee/", views.signed_out, name="signed_out"),
]
