"""The four addresses under which the portal finds its engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ens_portal.engines.layout import Layout

DATABASE = "ens"
OWNER = "ens_owner"  # of the database: migrations
APPLICATION = "ens_app"  # everything else


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineUrls:
    """Values of DATABASE_URL, DATABASE_OWNER_URL, BROKER_URL and CACHE_URL."""

    database: str
    database_owner: str
    broker: str
    cache: str

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database,
            "DATABASE_OWNER_URL": self.database_owner,
            "BROKER_URL": self.broker,
            "CACHE_URL": self.cache,
        }


def urls_of(layout: Layout, *, valkey_databases: tuple[int, int] = (0, 1)) -> EngineUrls:
    """Addresses of engines in `layout`; `valkey_databases` are the numbers for the broker and for the cache."""
    broker, cache = valkey_databases
    database = f"postgresql:///{DATABASE}?host={layout.run}&user="
    return EngineUrls(
        database=f"{database}{APPLICATION}",
        database_owner=f"{database}{OWNER}",
        broker=f"unix://{layout.valkey_socket}?db={broker}",
        cache=f"unix://{layout.valkey_socket}?db={cache}",
    )
