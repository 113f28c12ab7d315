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


@register
def no_failpoint_is_set(*, app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ANN401, ARG001  Django's signature
    """`common.E002` when processes are to die on purpose in production."""
    if settings.ENS_ENV != "production" or not settings.FAILPOINTS:
        return []
    return [Error("ENS_FAILPOINTS is set.", hint="Take it out of the environment.", id="common.E002")]


@register
def proxies_are_said(*, app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ANN401, ARG001  Django's signature
    """`common.E003`, `E004`: behind a proxy that nobody counted, all visitors would share one limit (SEC-09)."""
    if settings.ENS_ENV != "production":
        return []
    if not settings.TRUSTED_PROXY_COUNT and not settings.NO_PROXY:
        hint = "Set it to the number of proxies, or ENS_NO_PROXY=1 when there is really none."
        return [Error("ENS_TRUSTED_PROXY_COUNT is 0.", hint=hint, id="common.E003")]
    if settings.TRUSTED_PROXY_COUNT and settings.NO_PROXY:
        hint = "Take one of them out of the environment."
        return [Error("ENS_TRUSTED_PROXY_COUNT and ENS_NO_PROXY contradict each other.", hint=hint, id="common.E004")]
    return []
