from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "apps.journeys"

    def ready(self) -> None:
        from apps.journeys import invariants  # noqa: F401, PLC0415  registers them
