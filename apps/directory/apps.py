from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "apps.directory"

    def ready(self) -> None:
        from apps.directory import invariants  # noqa: F401, PLC0415  registers them
