"""Addresses of the store: pages of this family."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
