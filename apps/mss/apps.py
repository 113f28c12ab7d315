from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MssConfig(AppConfig):
    """Secure mailbox of the holder (messagerie sécurisée de santé, MSS)."""

    name = "apps.mss"
    label = "mss"
    verbose_name = _("Secure mailbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.mss import events, invariants  # noqa: F401, PLC0415  registers them
        from apps.mss.jobs import reports  # noqa: PLC0415  models are there by now

        events.take_reports(reports.take)
