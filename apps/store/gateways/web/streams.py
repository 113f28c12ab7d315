"""Bytes over a connection of the door, under one deadline: what httpcore is given instead of its own sockets."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from apps.store.gateways.web.base import Reason, TlsError, UnreachableError, WebError
from apps.store.gateways.web.deadlines import Deadline
from apps.store.gateways.web.door import Door

_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_TROUBLE = {"TLSV1_ALERT_INTERNAL_ERROR"}  # alert 80: the other side says that the fault is its own (RFC 8446, 6.2)
_OTHER_NAME = {62, 64}  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH


def wrap(opened: socket.socket, *, host: str, trust: ssl.SSLContext, deadline: Deadline) -> ssl.SSLSocket:
    """The connection with TLS and the name of the host. Raises `TlsError`, `UnreachableError`; then it is closed."""
    try:
        with line_errors():
            return _wrapped(opened, host, trust, deadline)
    except WebError:
        opened.close()
        raise


@contextmanager
def line_errors() -> Iterator[None]:
    """What goes wrong on an open line, in the words of the gateway: `UnreachableError`, `timeout` or `broken`."""
    try:
        yield
    except TimeoutError as error:
        raise UnreachableError(Reason.TIMEOUT) from error
    except OSError as error:
        raise UnreachableError(Reason.BROKEN) from error


def _wrapped(opened: socket.socket, host: str, trust: ssl.SSLContext, deadline: Deadline) -> ssl.SSLSocket:
    opened.settimeout(deadline.left())
    try:
        return trust.wrap_socket(opened, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise TlsError(_reason(error.verify_code)) from error
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
        # Hung up in the middle: a balancer that has no server left does so, and it says nothing about TLS.
        raise UnreachableError(Reason.BROKEN) from error
    except ssl.SSLError as error:
        raise (UnreachableError(Reason.BROKEN) if error.reason in _TROUBLE else TlsError(Reason.NO_TLS)) from error


class GuardedBackend(httpcore.NetworkBackend):
    """Connects by the door alone; the times of httpcore are not asked, the deadline is."""

    def __init__(self, *, door: Door, deadline: Deadline) -> None:
        self._door = door
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  of httpcore
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        return GuardedStream(self._door.open(host, port, deadline=self._deadline), deadline=self._deadline)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        raise UnreachableError(Reason.REFUSED, path)


class GuardedStream(httpcore.NetworkStream):
    """A socket on which no wait outlasts the deadline."""

    def __init__(self, opened: socket.socket, *, deadline: Deadline) -> None:
        self._socket = opened
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        self._socket.settimeout(self._deadline.left())
        with line_errors():
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._socket.settimeout(self._deadline.left())
        with line_errors():
            self._socket.sendall(buffer)

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = wrap(self._socket, host=server_hostname or "", trust=ssl_context, deadline=self._deadline)
        return GuardedStream(secured, deadline=self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401, ARG002  of httpcore; nothing is asked of it
        return None


def _reason(code: int) -> Reason:
    if code == _EXPIRED:
        return Reason.EXPIRED
    return Reason.WRONG_HOST if code in _OTHER_NAME else Reason.UNTRUSTED
