"""The internet of a demonstration: names of candidates answer global addresses, which lead to this machine (STO-113).

The guard stands between the two and knows nothing of it: the resolver before it, the connector behind (decisions 27).
A system check refuses this gateway in production.
"""

from __future__ import annotations

import json
import socket
import ssl
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.store.gateways.web.client import GuardedWeb, new_trust, public_trust
from apps.store.gateways.web.door import DirectConnector
from apps.store.gateways.web.guard import Address

_LOOPBACK = IPv4Address("127.0.0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """What `simulators.candidate_site` writes down when it starts; a file that is not there names nothing.

    `names`: addresses by name, also such that lead inside; `texts`: TXT records; `connections`: port of this machine by
    `address:port`; `authority`: file with the authority of the sites' certificates.
    """

    path: Path

    def part(self, name: str) -> dict[str, Any]:
        """One of the tables, as it stands in the file now."""
        part: dict[str, Any] = self._content().get(name) or {}
        return part

    @property
    def authority(self) -> str | None:
        return self._content().get("authority")

    def _content(self) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return content


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationResolver:
    """Answers the names of the sites; every other name does not exist."""

    sites: Sites

    def addresses(self, host: str, *, seconds: float) -> tuple[Address, ...]:  # noqa: ARG002  nobody is waited for
        return tuple(map(ip_address, self.sites.part("names").get(host, ())))

    def texts(self, name: str, *, seconds: float) -> tuple[str, ...]:  # noqa: ARG002
        return tuple(self.sites.part("texts").get(name, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationConnector:
    """Dials loopback for the addresses and ports of the sites, and nothing else whatsoever."""

    sites: Sites

    def connect(self, address: Address, port: int, *, seconds: float) -> socket.socket:
        found = self.sites.part("connections").get(f"{address}:{port}")
        if found is None:
            raise ConnectionRefusedError
        host, there = ip_address(found[0]), int(found[1])
        if host != _LOOPBACK:
            raise ConnectionRefusedError
        return DirectConnector().connect(host, there, seconds=seconds)


class DemonstrationWeb(GuardedWeb):
    """The guarded client among the sites of `STORE_DEMONSTRATION_SITES`."""

    simulated = True

    def __init__(self, *, path: Path | None = None) -> None:
        sites = Sites(path=path or Path(settings.STORE_DEMONSTRATION_SITES))
        super().__init__(
            resolver=DemonstrationResolver(sites=sites),
            connector=DemonstrationConnector(sites=sites),
            trust=_trust(sites.authority),
        )


def _trust(authority: str | None) -> ssl.SSLContext:
    return _with_authority(authority, Path(authority).stat().st_mtime_ns) if authority else public_trust()


@lru_cache(maxsize=4)
def _with_authority(file: str, _changed: int) -> ssl.SSLContext:
    trust = new_trust()
    trust.load_verify_locations(cafile=file)
    return trust
