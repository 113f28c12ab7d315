"""System checks that keep demonstration parts out of production (SEC-29, architecture 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


@register
def gateways_are_real(*, app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ANN401, ARG001  Django's signature
    """`common.E001` for each simulated gateway when the environment is production."""
    if settings.ENS_ENV != "production":
        return []
    return [
        Error(
            f"The gateway {name} is a simulated one ({path}).",
            hint="Name a real one in the environment.",
            id="common.E001",
        )
        for name, path in settings.GATEWAYS.items()
        if import_string(path).simulated
    ]
