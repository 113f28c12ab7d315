from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoreConfig(AppConfig):
    """Referencing of third-party services and their catalogue."""

    name = "apps.store"
    label = "store"
    verbose_name = _("Store of services")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.files.followers import follow  # noqa: PLC0415  models are loaded by now
        from apps.store import invariants  # noqa: F401, PLC0415  registers them
        from apps.store.tasks import look_when_clean  # noqa: PLC0415

        follow(look_when_clean)
