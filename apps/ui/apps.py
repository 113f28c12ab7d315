"""App of the interface layer."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "apps.ui"
    label = "ui"

    def ready(self) -> None:
        from apps.ui import checks  # noqa: F401, PLC0415  registers the checks
