from __future__ import annotations

from django.apps import AppConfig


class SpacesConfig(AppConfig):
    name = "apps.spaces"

    def ready(self) -> None:
        from apps.spaces import invariants  # noqa: F401, PLC0415  registers them
