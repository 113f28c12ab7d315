"""Addresses of the roll-out: opposition and activation for everybody, the console for the staff."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.rollout.views import activation as activation_views
from apps.rollout.views import (
    activation_pages,
    calendar_page,
    dashboard,
    exports,
    import_acts,
    import_reports,
    imports,
    letter_batches,
    lost_code,
    notice_troubles,
    notices,
    opposition_acts,
    other_ways,
    own_conflicts,
    people,
    population,
    progress,
    receipts,
    reconciliation,
    stopping,
    wave_acts,
    waves,
)
from apps.rollout.views import opposition as opposition_pages

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
    path("opposition/conflit/", own_conflicts.opposition_conflict, name="opposition_conflict"),
    path("opposition/code-perdu/", lost_code.notice_resend, name="notice_resend"),
    path("opposition/autrement/", other_ways.opposition_other_ways, name="opposition_other_ways"),
    path("opposition/autrement/<str:kind>", other_ways.opposition_form, name="opposition_form"),
    path("opposition/recepisse/<str:handle>/", receipts.receipt_download, name="receipt_download"),
    path("recepisse/", receipts.receipt_check, name="receipt_check"),
]
_STEPS = "activation/<uuid:activation_id>"
activation: list[URLPattern] = [
    path("activation/", activation_views.activation_start, name="activation_start"),
    path("activation/identite/", activation_views.activation_identify, name="activation_identify"),
    path("activation/commencer/<uuid:person_id>/", activation_views.activation_begin, name="activation_begin"),
    path(f"{_STEPS}/identite/", activation_pages.activation_identity, name="activation_identity"),
    path(f"{_STEPS}/contact/", activation_pages.activation_contact, name="activation_contact"),
    path(f"{_STEPS}/contact/verifier/", activation_pages.activation_mail_check, name="activation_mail_check"),
    path(f"{_STEPS}/connexion/", activation_pages.activation_sign_in, name="activation_sign_in"),
    path(f"{_STEPS}/choix/", activation_pages.activation_choices, name="activation_choices"),
    path(f"{_STEPS}/termine/", activation_pages.activation_done, name="activation_done"),
]
console: list[URLPattern] = [
    path("deploiement/", dashboard.dashboard, name="dashboard"),
    path("deploiement/suivi/", progress.progress, name="progress"),
    path("deploiement/suivi/taux.csv", progress.progress_file, name="progress_file"),
    path("deploiement/calendrier/", calendar_page.calendar, name="calendar"),
    path("deploiement/rapprochement/", reconciliation.reconciliation, name="reconciliation"),
    path(
        "deploiement/vagues/<uuid:wave_id>/rapprochement/",
        reconciliation.wave_reconciliation,
        name="wave_reconciliation",
    ),
    path("deploiement/population/", population.population, name="population"),
    path("deploiement/population/chercher/", population.person_search, name="person_search"),
    path("deploiement/population/<uuid:person_id>/", people.person, name="person"),
    path("deploiement/exports/", exports.export_list, name="export_list"),
    path("deploiement/exports/demander/", exports.export_ask, name="export_ask"),
    path("deploiement/exports/<uuid:export_id>/decider/", exports.export_decide, name="export_decide"),
    path("deploiement/exports/<uuid:export_id>/fichier/", exports.export_fetch, name="export_fetch"),
    path("deploiement/vagues/", waves.wave_list, name="wave_list"),
    path("deploiement/vagues/nouvelle/", waves.wave_new, name="wave_new"),
    path("deploiement/vagues/<uuid:wave_id>/", waves.wave_detail, name="wave_detail"),
    path("deploiement/vagues/<uuid:wave_id>/modifier/", waves.wave_change, name="wave_change"),
    path("deploiement/vagues/<uuid:wave_id>/approuver/", wave_acts.wave_approve, name="wave_approve"),
    path("deploiement/vagues/<uuid:wave_id>/abandonner/", wave_acts.wave_cancel, name="wave_cancel"),
    path("deploiement/vagues/<uuid:wave_id>/pause/", wave_acts.wave_pause, name="wave_pause"),
    path("deploiement/vagues/<uuid:wave_id>/reprise/", wave_acts.wave_resume, name="wave_resume"),
    path("deploiement/vagues/<uuid:wave_id>/ouverture/", wave_acts.wave_opening, name="wave_opening"),
    path(
        "deploiement/vagues/<uuid:wave_id>/ouverture/approuver/",
        wave_acts.wave_opening_approve,
        name="wave_opening_approve",
    ),
    path("deploiement/imports/", imports.import_list, name="import_list"),
    path("deploiement/imports/nouveau/", imports.import_new, name="import_new"),
    path("deploiement/imports/exemple.csv", import_reports.import_example, name="import_example"),
    path("deploiement/imports/<uuid:file_id>/", imports.import_detail, name="import_detail"),
    path("deploiement/imports/<uuid:file_id>/confirmer/", import_acts.import_confirm, name="import_confirm"),
    path("deploiement/imports/<uuid:file_id>/accord/", import_acts.import_approve, name="import_approve"),
    path("deploiement/imports/<uuid:file_id>/abandonner/", import_acts.import_abandon, name="import_abandon"),
    path("deploiement/imports/<uuid:file_id>/arreter/", import_acts.import_stop, name="import_stop"),
    path("deploiement/imports/<uuid:file_id>/reprendre/", import_acts.import_resume, name="import_resume"),
    path("deploiement/imports/<uuid:file_id>/rapport.csv", import_reports.import_report, name="import_report"),
    path(
        "deploiement/imports/<uuid:file_id>/anomalies/<str:code>/",
        import_reports.import_findings,
        name="import_findings",
    ),
    path("deploiement/notifications/", notices.notices, name="notices"),
    path("deploiement/vagues/<uuid:wave_id>/notifications/", notices.wave_notices, name="wave_notices"),
    path("deploiement/notifications/exemple/", notices.notice_sample, name="notice_sample"),
    path("deploiement/notifications/exemple/lettre.pdf", notices.notice_sample_letter, name="notice_sample_letter"),
    path("deploiement/notifications/exemple/essai/", notices.notice_trial, name="notice_trial"),
    path("deploiement/notifications/retours/", notice_troubles.returned_letters, name="returned_letters"),
    path("deploiement/notifications/liste/<str:which>/", notice_troubles.notice_trouble, name="notice_trouble"),
    path(
        "deploiement/notifications/personnes/<uuid:person_id>/renvoyer/",
        notice_troubles.notice_write_again,
        name="notice_write_again",
    ),
    path(
        "deploiement/notifications/<uuid:notice_id>/par-courrier/",
        notice_troubles.notice_by_letter,
        name="notice_by_letter",
    ),
    path("deploiement/notifications/lots/", letter_batches.letter_batches_make, name="letter_batches_make"),
    path("deploiement/notifications/lots/<uuid:batch_id>/", letter_batches.letter_batch, name="letter_batch"),
    path(
        "deploiement/notifications/lots/<uuid:batch_id>/fichiers/<int:place>/",
        letter_batches.letter_batch_file,
        name="letter_batch_file",
    ),
    path(
        "deploiement/notifications/lots/<uuid:batch_id>/remise/",
        letter_batches.letter_batch_hand_over,
        name="letter_batch_hand_over",
    ),
    path(
        "deploiement/notifications/lots/<uuid:batch_id>/abandonner/",
        letter_batches.letter_batch_cancel,
        name="letter_batch_cancel",
    ),
    path("deploiement/arret/", stopping.stop, name="stop"),
    path("deploiement/arret/<uuid:stop_id>/reprise/", stopping.restart_ask, name="restart_ask"),
    path("deploiement/arret/<uuid:stop_id>/reprise/confirmer/", stopping.restart_confirm, name="restart_confirm"),
]

urlpatterns: list[URLPattern] = [*opposition, *activation, *console]
