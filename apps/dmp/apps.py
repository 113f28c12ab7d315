from __future__ import annotations

from django.apps import AppConfig


class DmpConfig(AppConfig):
    name = "apps.dmp"

    def ready(self) -> None:
        from apps.dmp import invariants  # noqa: F401, PLC0415  registers them
        from apps.dmp.sight import RecordSight  # noqa: PLC0415  models are loaded by now
        from apps.dmp.tasks import prepare_clean  # noqa: PLC0415
        from apps.files.followers import follow  # noqa: PLC0415
        from apps.notifications.sight import provide  # noqa: PLC0415

        provide(RecordSight())
        follow(prepare_clean)
