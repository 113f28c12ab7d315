from __future__ import annotations

from django.apps import AppConfig


class RolloutConfig(AppConfig):
    name = "apps.rollout"

    def ready(self) -> None:
        from apps.rollout import invariants, receivers  # noqa: F401, PLC0415  registers both
