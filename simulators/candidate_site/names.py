"""The file that the portal reads instead of asking the internet for names (STO-113, decisions 27)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from simulators.candidate_site.sites import Clear, Site, Tls

NETWORK = "192.31.196"  # global, kept for a service nobody calls by number (AS112, RFC 7535)
FIRST = 10
LOOPBACK = "127.0.0.1"
NOBODY = 9  # "discard": nobody listens there
DEMONSTRATION_TOKEN = "demonstration-de-carnet-tension"  # noqa: S105  of the domain that is proved by a TXT record


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Ports of loopback and the authority of the certificates."""

    secure: int
    clear: int
    authority: Path


def content(sites: Iterable[Site], where: Where) -> dict[str, object]:
    """`names`: addresses by name; `connections`: loopback port by address and port; `texts`: TXT records."""
    names: dict[str, list[str]] = {}
    connections: dict[str, list[str | int]] = {}
    for number, site in enumerate(sites, start=FIRST):
        address = f"{NETWORK}.{number}"
        names[site.host] = list(site.addresses) or [address]
        if not site.addresses:
            connections[f"{address}:443"] = [LOOPBACK, NOBODY if site.tls is Tls.CLOSED else where.secure]
            connections[f"{address}:80"] = [LOOPBACK, NOBODY if site.clear is Clear.CLOSED else where.clear]
    return {
        "authority": str(where.authority.resolve()),
        "names": names,
        "texts": {"_ens-portal.carnet-tension.example": [f"ens-portal-verification={DEMONSTRATION_TOKEN}"]},
        "connections": connections,
    }


def write(file: Path, what: dict[str, object]) -> None:
    """Whole or not at all."""
    part = file.with_suffix(".part")
    part.write_text(json.dumps(what, indent=1), encoding="utf-8")
    part.replace(file)
