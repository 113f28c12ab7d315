from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "apps.journeys"

    def ready(self) -> None:
        from apps.files import followers  # noqa: PLC0415  models are loaded by now
        from apps.journeys import invariants, tasks  # noqa: F401, PLC0415  registers them
        from apps.mss import events  # noqa: PLC0415

        events.follow(tasks.request_came)
        followers.follow(tasks.request_clean)
