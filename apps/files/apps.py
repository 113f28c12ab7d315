from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "apps.files"

    def ready(self) -> None:
        from apps.files import invariants  # noqa: F401, PLC0415  registers them
