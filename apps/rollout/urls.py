"""Addresses of the roll-out: opposition and activation for everybody, the console for the staff."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "rollout"

opposition: list[URLPattern] = []
activation: list[URLPattern] = []
console: list[URLPattern] = []

urlpatterns: list[URLPattern] = [*opposition, *activation, *console]
