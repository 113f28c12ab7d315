"""TLS of a host: the connection that was agreed on, its certificate, and the old versions it still accepts (STO-89)."""

from __future__ import annotations

import socket
import ssl
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from apps.store.gateways.web.base import Handshake, UnreachableError
from apps.store.gateways.web.deadlines import Deadline
from apps.store.gateways.web.door import Door
from apps.store.gateways.web.hellos import ENOUGH, OLD_VERSIONS, accepts, hello
from apps.store.gateways.web.streams import line_errors, wrap


def shake(host: str, port: int, *, door: Door, trust: ssl.SSLContext, deadline: Deadline) -> Handshake:
    """One verified connection, then one beginning for each old version, all to the addresses of one resolution.

    Raises `TlsError`: `expired`, `wrong-host`, `untrusted`, `no-tls`; `RefusedUrlError`, `UnreachableError`.
    """
    addresses = door.addresses(host, deadline=deadline)
    opened = door.reach(addresses, port, deadline=deadline)
    with closing(wrap(opened, host=host, trust=trust, deadline=deadline)) as secured:
        version, certificate = secured.version() or "", secured.getpeercert() or {}
    old = []
    for name, number in OLD_VERSIONS.items():
        with closing(door.reach(addresses, port, deadline=deadline)) as probed:
            if _is_accepted(number, host, probed, door, deadline):
                old.append(name)
    return Handshake(
        version=version,
        ends_at=datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), tz=UTC),
        issuer=_issuer(certificate),
        old_versions=tuple(old),
    )


def _is_accepted(number: int, host: str, probed: socket.socket, door: Door, deadline: Deadline) -> bool:
    """A host that hangs up on an old version, or keeps silent, does not accept it."""
    try:
        with line_errors():
            probed.settimeout(deadline.left(most=door.limits.connect))
            probed.sendall(hello(number, host=host))
            return accepts(_first(probed), number)
    except UnreachableError:
        return False


def _first(probed: socket.socket) -> bytes:
    """The beginning of an answer, up to what the version stands in: some bytes, so few waits."""
    taken = b""
    while len(taken) < ENOUGH and (part := probed.recv(ENOUGH)):
        taken += part
    return taken


def _issuer(certificate: Any) -> str:  # noqa: ANN401  of ssl: nested tuples
    parts = dict(pair for group in certificate.get("issuer", ()) for pair in group)
    return str(parts.get("organizationName") or parts.get("commonName") or "")
