"""Addresses of notices, below `e/<space_id>/`."""

from __future__ import annotations

from django.urls import path

from apps.notifications.views import centre, preferences

app_name = "notifications"
urlpatterns = [
    path("notifications/", centre.center, name="center"),
    path("notifications/tout-lire/", centre.mark_all, name="mark_all"),
    path("notifications/tout-lire/annuler/", centre.unmark_all, name="unmark_all"),
    path("notifications/<uuid:notice_id>/", centre.open_notice, name="open"),
    path("notifications/<uuid:notice_id>/marquer/", centre.mark, name="mark"),
    path("alertes/", preferences.preferences, name="preferences"),
    path("alertes/essai/", preferences.trial, name="trial"),
]
