"""An internet of names and places around the guard: who answers names, who dials, and what was asked of both."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from apps.store.gateways.web.client import GuardedWeb
from apps.store.gateways.web.deadlines import Limits
from apps.store.gateways.web.door import DirectConnector
from apps.store.gateways.web.guard import Address
from tests.store.gateways.authority import Authority
from tests.store.gateways.places import LOOPBACK, Handler, Place, serving

SHORT = Limits(names=0.5, connect=0.5, total=0.5)


@dataclass(kw_only=True)
class Internet:
    """`names`: addresses by name; `places`: port of this machine by address and port. Records what was asked."""

    authority: Authority
    stack: ExitStack
    names: dict[str, list[str]] = field(default_factory=dict)
    places: dict[tuple[str, int], int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)

    def addresses(self, host: str, *, seconds: float) -> tuple[Address, ...]:
        self.asked.append(host)
        return tuple(map(ip_address, self.names.get(host, ())))

    def texts(self, name: str, *, seconds: float) -> tuple[str, ...]:
        self.asked.append(name)
        return tuple(self.names.get(name, ()))

    def connect(self, address: Address, port: int, *, seconds: float) -> socket.socket:
        self.dialled.append((str(address), port))
        if (str(address), port) not in self.places:
            raise ConnectionRefusedError
        return DirectConnector().connect(ip_address(LOOPBACK), self.places[str(address), port], seconds=seconds)

    def site(
        self,
        host: str,
        handler: Handler,
        *,
        address: str = "93.184.215.14",
        port: int = 443,
        tls: ssl.SSLContext | None = None,
    ) -> Place:
        """A server of this host; with TLS of the authority unless it is that of port 80."""
        context = tls or (None if port == 80 else self.authority.server(host))
        place = self.stack.enter_context(serving(handler, tls=context))
        self.names.setdefault(host, [address])
        self.places[address, port] = place.port
        return place

    def web(self, **options: Any) -> GuardedWeb:
        return GuardedWeb(resolver=self, connector=self, trust=self.authority.trust(), **options)


@contextmanager
def internet(authority: Authority) -> Iterator[Internet]:
    with ExitStack() as stack:
        yield Internet(authority=authority, stack=stack)
