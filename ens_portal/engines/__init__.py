"""Embedded engines of development, demonstration and tests: PostgreSQL and Valkey from wheels, sockets only.

Never used in production. Rules: docs/running.md.
"""

from __future__ import annotations

from ens_portal.engines.layout import layout_of, state_directory
from ens_portal.engines.urls import urls_of


def addresses() -> dict[str, str]:
    """DATABASE_URL, DATABASE_OWNER_URL, BROKER_URL and CACHE_URL of this checkout's engines, running or not."""
    return urls_of(layout_of(state_directory())).environment()
