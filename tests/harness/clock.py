"""The hour at which tests happen, unless they say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # 13:00 in Paris, a Wednesday, winter time
