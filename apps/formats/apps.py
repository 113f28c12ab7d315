from __future__ import annotations

from django.apps import AppConfig


class FormatsConfig(AppConfig):
    name = "apps.formats"

    def ready(self) -> None:
        from apps.formats import checks  # noqa: F401, PLC0415  registers its check
