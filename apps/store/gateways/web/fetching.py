"""One question over HTTP to one judged address, without following anything: no cookies, no proxy, no credentials."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpcore

from apps.store.gateways.web.base import Reason, UnreachableError
from apps.store.gateways.web.bodies import ACCEPTED, Body, read_body
from apps.store.gateways.web.deadlines import Deadline
from apps.store.gateways.web.door import Door
from apps.store.gateways.web.guard import Target
from apps.store.gateways.web.streams import GuardedBackend

AGENT = "ens-portal-checks/1"
_COMMON = (
    ("User-Agent", AGENT), ("Accept", "*/*"), ("Accept-Encoding", ACCEPTED), ("Accept-Language", "fr"),
    ("Connection", "close"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, header lines in their order with names in lower case, body within the limits."""

    status: int
    lines: tuple[tuple[str, str], ...]
    body: Body

    @property
    def headers(self) -> Mapping[str, str]:
        """By name; lines of one name are joined by a comma."""
        joined: dict[str, str] = {}
        for name, value in self.lines:
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
        return joined


def fetch(target: Target, *, door: Door, trust: ssl.SSLContext, deadline: Deadline) -> Answer:
    """GET of one address. A connection is used once: what the next question connects to is judged anew.

    Raises `RefusedUrlError`, `UnreachableError`, `TlsError`.
    """
    url = httpcore.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
    )
    headers = [(name.encode(), value.encode()) for name, value in (("Host", target.authority), *_COMMON)]
    backend = GuardedBackend(door=door, deadline=deadline)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=trust, network_backend=backend, max_keepalive_connections=0) as pool,
            pool.stream("GET", url, headers=headers) as response,
        ):
            return _answer(response, door)
    except (httpcore.ProtocolError, httpcore.NetworkError, httpcore.TimeoutException) as error:
        raise UnreachableError(Reason.BROKEN) from error


def _answer(response: httpcore.Response, door: Door) -> Answer:
    lines = tuple((_text(name).lower(), _text(value)) for name, value in response.headers)
    encoding = ",".join(value for name, value in lines if name == "content-encoding")
    body = read_body(response.iter_stream(), encoding=encoding, limits=door.limits)
    return Answer(status=response.status, lines=lines, body=body)


def _text(raw: bytes) -> str:
    """Header lines are ASCII; an address with accents is often sent in UTF-8 all the same."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
