"""The web as the store's checks see it: every address is chosen by a candidate (STO-110 to STO-114, SEC-12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Reason(StrEnum):
    """Codes of what kept us from an answer, in the order of the errors below."""

    SCHEME = "scheme"
    PORT = "port"
    USERINFO = "userinfo"
    HOST = "host"
    TOO_LONG = "too-long"
    MALFORMED = "malformed"
    NOT_PUBLIC = "not-public"
    UNRESOLVED = "unresolved"
    DOWNGRADE = "downgrade"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    BAD_REDIRECT = "bad-redirect"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    BROKEN = "broken"
    DNS = "dns"
    EXPIRED = "expired"
    WRONG_HOST = "wrong-host"
    UNTRUSTED = "untrusted"
    NO_TLS = "no-tls"


class WebError(Exception):
    """Something kept us from an answer; `reason` is a code of `apps.store.checks.words`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class RefusedUrlError(WebError):
    """The guard does not go there: `scheme`, `port`, `userinfo`, `host`, `too-long`, `malformed`, `not-public`,
    `unresolved` (a name that does not exist), `downgrade`, `too-many-redirects`,
    `bad-redirect` (one to an address that we do not read). Nothing was connected for that hop.
    """


class UnreachableError(WebError):
    """Nobody answers, or not in time: `timeout`, `refused`, `broken`, `dns`."""


class TlsError(WebError):
    """A connection whose certificate is not to be trusted: `expired`, `wrong-host`, `untrusted`, `no-tls`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer over HTTP. `headers` by lower-case name; `body` cut at the limit, then `is_cut`; `hops`: addresses
    that were asked, the last one is `url`.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    is_cut: bool = False
    hops: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """One TLS connection with a chain that was verified. `old_versions`: versions below 1.2 that the host accepts."""

    version: str  # "TLSv1.3"
    ends_at: datetime
    issuer: str
    old_versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a browser saw on one page before anybody clicked. `requests`: hosts asked beside the page's own;
    `cookies`: (host, name); `violations`: axe rule → number of nodes, only those of impact serious and critical;
    None where axe did not say; `refused`: sub-requests that the guard stopped; `status`: how the page itself answered.
    """

    url: str
    status: int = 200
    requests: tuple[str, ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()
    violations: Mapping[str, int] | None = field(default_factory=dict)
    refused: tuple[str, ...] = ()


class Web(Protocol):
    """Every method raises `RefusedUrlError` before it connects where it must not, `UnreachableError` and `TlsError`.
    A `simulated` one is refused in production.
    """

    simulated: bool

    def get(self, url: str, *, follow: bool = True, plain: bool = False) -> Page:
        """`plain` allows http, for the check of the redirect alone; redirects are followed up to three, each hop is
        checked anew, never from https to http."""
        ...

    def handshake(self, host: str, *, port: int = 443) -> Handshake: ...

    def texts(self, name: str) -> tuple[str, ...]:
        """TXT records of a name, none: empty."""
        ...


class Browser(Protocol):
    def visit(self, url: str) -> Visit: ...


def make_web() -> Web:
    """The way out that the settings name."""
    made: Web = import_string(settings.GATEWAYS["store_web"])()
    return made
