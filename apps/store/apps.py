from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Referencing of third-party services and their catalogue."""

    name = "apps.store"

    def ready(self) -> None:
        from apps.files.followers import follow  # noqa: PLC0415  models are loaded by now
        from apps.store.tasks import look_when_clean  # noqa: PLC0415

        follow(look_when_clean)
