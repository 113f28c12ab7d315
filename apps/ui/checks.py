"""System checks: the two settings of django-dsfr whose defaults are unsafe or break the page (SEC-07)."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register("ui")
def dsfr_settings(*, app_configs: Sequence[AppConfig] | None, **_kwargs: object) -> list[CheckMessage]:
    """E001: django-dsfr would print contents unescaped. E002: hashed files never match its built-in checksums."""
    del app_configs
    found: list[CheckMessage] = []
    if getattr(settings, "DSFR_CONTENT_IS_SAFE", True) is not False:
        found.append(
            Error("DSFR_CONTENT_IS_SAFE must be False: django-dsfr prints alerts and messages unescaped.", id="ui.E001")
        )
    if _hashes_static_files() and getattr(settings, "DSFR_USE_INTEGRITY_CHECKSUMS", True) is not False:
        found.append(
            Error(
                "DSFR_USE_INTEGRITY_CHECKSUMS must be False with hashed static files: browsers would drop the styles.",
                id="ui.E002",
            )
        )
    return found


def _hashes_static_files() -> bool:
    return "Manifest" in str(settings.STORAGES["staticfiles"]["BACKEND"])
