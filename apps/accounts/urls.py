from __future__ import annotations

from django.urls import path

from apps.accounts.views import (
    application,
    confirming,
    contact,
    identifier,
    level,
    passkeys,
    reauthenticate,
    reset,
    security,
    session,
)
from apps.accounts.views import franceconnect as views

app_name = "accounts"

urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("connexion/aide/", views.sign_in_help, name="sign_in_help"),
    path("connexion/identifiant/", identifier.password, name="password"),
    path("connexion/identifiant/code/", identifier.totp, name="totp"),
    path("connexion/identifiant/second-facteur/", identifier.enrol, name="enrol"),
    path("connexion/cle-acces/", passkeys.passkey, name="passkey"),
    path("connexion/secours/", identifier.recovery, name="recovery"),
    path("mot-de-passe/oublie/", reset.password_reset, name="password_reset"),
    path("mot-de-passe/nouveau/", reset.password_reset_new, name="password_reset_new"),
    path("mot-de-passe/nouveau/<str:key>/", reset.password_reset_key, name="password_reset_key"),
    path("compte/coordonnees/", contact.contact, name="contact"),
    path("compte/coordonnees/adresse/", contact.address_change, name="address_change"),
    path("compte/coordonnees/verifier/", contact.address_check, name="address_check"),
    path("compte/connexion/", security.security, name="security"),
    path("compte/connexion/sessions/fermer/", security.sessions_end, name="sessions_end"),
    path("compte/connexion/cles/ajouter/", passkeys.passkey_add, name="passkey_add"),
    path("compte/connexion/cles/<int:key_id>/retirer/", passkeys.passkey_remove, name="passkey_remove"),
    path("compte/connexion/application/", application.totp_replace, name="totp_replace"),
    path("compte/connexion/codes/", security.recovery_codes, name="recovery_codes"),
    path("compte/connexion/codes/nouveaux/", security.recovery_renew, name="recovery_renew"),
    path("compte/connexion/mot-de-passe/", security.password_change, name="password_change"),
    path("connexion/franceconnect/", views.fc_start, name="fc_start"),
    path("connexion/franceconnect/retour/", views.fc_callback, name="fc_callback"),
    path("connexion/franceconnect/cles/", views.fc_keys, name="fc_keys"),
    path("confirmer-identite/", reauthenticate.reauthenticate, name="reauthenticate"),
    path("confirmer-identite/code/", confirming.reauthenticate_code, name="reauthenticate_code"),
    path("confirmer-identite/cle-acces/", confirming.reauthenticate_passkey, name="reauthenticate_passkey"),
    path("confirmer-identite/franceconnect/", reauthenticate.reauthenticate_fc, name="reauthenticate_fc"),
    path("niveau-insuffisant/", level.level, name="level"),
    path("session/expire-bientot/", session.session_expiring, name="session_expiring"),
    path("session/prolonger/", session.session_extend, name="session_extend"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("deconnexion/terminee/", views.signed_out, name="signed_out"),
]
