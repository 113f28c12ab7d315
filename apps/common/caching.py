"""The cache is a help, never a need: while its server is away, values are made anew (SEC-09, REL-18)."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.cache import cache
from redis import RedisError

logger = structlog.get_logger(__name__)


def recall(key: str) -> Any:  # noqa: ANN401  whatever was kept
    """The value kept under `key`; None when there is none or the cache is away."""
    try:
        return cache.get(key)
    except RedisError as error:
        logger.warning("cache.away", reason=type(error).__name__)
        return None


def keep(key: str, value: object, *, seconds: int) -> None:
    """Keep `value` for so long, if the cache is there."""
    try:
        cache.set(key, value, seconds)
    except RedisError as error:
        logger.warning("cache.away", reason=type(error).__name__)
