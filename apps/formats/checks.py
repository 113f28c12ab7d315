"""Tells at the start how the children that decode files are cut off (SEC-11, decisions 19)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register  # noqa: A004  Django's name

from apps.formats.sandbox.isolation import has_own_network


@register
def children_are_cut_off(*, app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ANN401, ARG001  Django's signature
    """`formats.W001` where children get no network of their own: only the limit of descriptors keeps them from it."""
    if has_own_network():
        return []
    return [
        Warning(
            "Files are decoded in a child process without a network name space of its own.",
            hint="Allow `unshare -rn` (user namespaces) to the user that runs the portal.",
            id="formats.W001",
        )
    ]
