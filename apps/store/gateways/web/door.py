"""The one door to the internet: a name is resolved once, judged, and the judged address is connected (STO-110)."""

from __future__ import annotations

import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Protocol

from apps.store.gateways.web.base import Reason, UnreachableError
from apps.store.gateways.web.deadlines import Deadline, Limits
from apps.store.gateways.web.guard import Address, judge_addresses
from apps.store.gateways.web.names import Resolver

_MOST_ADDRESSES = 4  # tried one after the other


class Connector(Protocol):
    """Opens a connection to an address that was judged. Raises `OSError`."""

    def connect(self, address: Address, port: int, *, seconds: float) -> socket.socket: ...


class DirectConnector:
    """By the address in digits: no name is looked up a second time."""

    def connect(self, address: Address, port: int, *, seconds: float) -> socket.socket:
        family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            opened.settimeout(seconds)
            opened.connect((str(address), port))
        except OSError:
            opened.close()
            raise
        return opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where every connection of the store starts. Nothing else in this app opens a socket."""

    resolver: Resolver
    connector: Connector
    limits: Limits

    def addresses(self, host: str, *, deadline: Deadline) -> tuple[Address, ...]:
        """What the name means now, all of it public. Raises `RefusedUrlError`, `UnreachableError`."""
        return judge_addresses(self.resolver.addresses(host, seconds=deadline.left(most=self.limits.names)))

    def open(self, host: str, port: int, *, deadline: Deadline) -> socket.socket:
        """A connection to an address of the host. Raises `RefusedUrlError` before anything is connected."""
        return self.reach(self.addresses(host, deadline=deadline), port, deadline=deadline)

    def reach(self, addresses: Collection[Address], port: int, *, deadline: Deadline) -> socket.socket:
        """A connection to the first of them that answers; they are judged here again, which costs nothing."""
        error = UnreachableError(Reason.REFUSED)
        for address in judge_addresses(addresses)[:_MOST_ADDRESSES]:
            try:
                return self.connector.connect(address, port, seconds=deadline.left(most=self.limits.connect))
            except TimeoutError:
                error = UnreachableError(Reason.TIMEOUT)
            except OSError:
                error = UnreachableError(Reason.REFUSED)
        raise error
