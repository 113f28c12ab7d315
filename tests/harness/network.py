"""Guard: tests talk to this machine only, over loopback or unix sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

LOCAL_NAMES = {"", "localhost", "ip6-localhost"}


class NetworkBlockedError(AssertionError):
    """A test wanted to leave the machine; `address` says whereto. No OSError: nobody may take it for a bad line."""

    def __init__(self, address: object) -> None:
        super().__init__(f"network access to {address!r} from a test")
        self.address = address


def is_local(host: object) -> bool:
    """True for None, names of this machine and addresses of loopback."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if text is None or text in LOCAL_NAMES:
        return True
    try:
        return ip_address(str(text).split("%")[0]).is_loopback
    except ValueError:
        return False


def _check(this: socket.socket, address: Any) -> None:
    if this.family in {socket.AF_INET, socket.AF_INET6} and not is_local(address[0]):
        this.close()  # libraries tidy up after an OSError only
        raise NetworkBlockedError(address)


class _GuardedMethods:
    """The methods of a socket that reach another machine, with a look at the address first."""

    def __init__(self) -> None:
        self.connect = socket.socket.connect
        self.connect_ex = socket.socket.connect_ex
        self.sendto = socket.socket.sendto
        self.getaddrinfo = socket.getaddrinfo

    def install(self) -> None:
        def connect(this: socket.socket, address: Any) -> None:
            _check(this, address)
            return self.connect(this, address)

        def connect_ex(this: socket.socket, address: Any) -> int:
            _check(this, address)
            return self.connect_ex(this, address)

        def sendto(this: socket.socket, data: Any, *rest: Any) -> int:
            _check(this, rest[-1])
            return self.sendto(this, data, *rest)

        def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
            if not is_local(host) and not _is_number(host):
                raise NetworkBlockedError(host)
            return self.getaddrinfo(host, *args, **kwargs)

        socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto = connect, connect_ex, sendto
        socket.getaddrinfo = getaddrinfo

    def remove(self) -> None:
        del socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
        socket.getaddrinfo = self.getaddrinfo


def _is_number(host: object) -> bool:
    """An address in digits needs no name server; connecting to it is judged later."""
    try:
        ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


@contextmanager
def no_network() -> Iterator[None]:
    """Only loopback and unix sockets inside the block. Engines are reached by libpq and sockets of this machine."""
    methods = _GuardedMethods()
    methods.install()
    try:
        yield
    finally:
        methods.remove()
