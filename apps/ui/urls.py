"""Addresses of the interface itself."""

from __future__ import annotations

from django.urls import path

from apps.ui import views

app_name = "ui"
urlpatterns = [path("affichage/", views.theme, name="theme")]
