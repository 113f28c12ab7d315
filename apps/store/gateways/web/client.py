"""The only outgoing client of the store: what candidates write is asked through the guard, or not at all (SEC-12)."""

from __future__ import annotations

import re
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin

import httpx
from django.conf import settings

from apps.store.gateways.web.base import Handshake, Page, Reason, RefusedUrlError
from apps.store.gateways.web.deadlines import Deadline, Limits
from apps.store.gateways.web.door import Connector, DirectConnector, Door
from apps.store.gateways.web.fetching import Answer, fetch
from apps.store.gateways.web.guard import HTTPS_PORT, Target, is_clean, judge_host, judge_url
from apps.store.gateways.web.handshakes import shake
from apps.store.gateways.web.names import DnsResolver, Resolver

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TEXT_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_LONGEST_NAME = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The last answer, and every address that was asked on the way to it."""

    answer: Answer
    hops: tuple[str, ...]

    @property
    def url(self) -> str:
        return self.hops[-1]


class GuardedWeb:
    """`Web` of production. The guard is no argument: only who answers names and who dials can be replaced, on either
    side of it (decisions 27).
    """

    simulated = False

    def __init__(
        self,
        *,
        resolver: Resolver | None = None,
        connector: Connector | None = None,
        trust: ssl.SSLContext | None = None,
        limits: Limits | None = None,
        ports: Collection[int] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._door = Door(
            resolver=resolver or DnsResolver(servers=settings.STORE_DNS_SERVERS),
            connector=connector or DirectConnector(),
            limits=self._limits,
        )
        self._trust = trust or public_trust()
        self._ports = tuple(ports or settings.STORE_HTTPS_PORTS)

    def get(self, url: str, *, follow: bool = True, plain: bool = False) -> Page:
        """One page within the limits of time and size, after at most three redirects (STO-110)."""
        return _page(self.ask(url, follow=follow, plain=plain))

    def ask(self, url: str, *, follow: bool = True, plain: bool = False, deadline: Deadline | None = None) -> Asked:
        """The same with the header lines one by one; a `deadline` shorter than ours may be given."""
        deadline, hops = deadline or self._deadline(), tuple[str, ...]()
        target = self.judge(url, plain=plain)
        while True:
            hops += (target.url,)
            answer = fetch(target, door=self._door, trust=self._trust, deadline=deadline)
            location = answer.headers.get("location") if answer.status in _REDIRECTS else None
            if location is None or not follow:
                return Asked(answer=answer, hops=hops)
            if len(hops) > self._limits.redirects:
                raise RefusedUrlError(Reason.TOO_MANY_REDIRECTS, target.url)
            target = self._next(target, location, plain=plain)

    def judge(self, url: str, *, plain: bool = False) -> Target:
        """The address alone, nothing is resolved. Raises `RefusedUrlError`."""
        return judge_url(url, plain=plain, ports=self._ports)

    def handshake(self, host: str, *, port: int = HTTPS_PORT) -> Handshake:
        """One verified TLS connection, and which old versions the host still accepts (STO-89)."""
        if port not in self._ports:
            raise RefusedUrlError(Reason.PORT)
        return shake(judge_host(host), port, door=self._door, trust=self._trust, deadline=self._deadline())

    def texts(self, name: str) -> tuple[str, ...]:
        """TXT records; nothing is connected but the resolver (STO-109)."""
        if len(name) > _LONGEST_NAME or not _TEXT_NAME.fullmatch(name.lower()):
            raise RefusedUrlError(Reason.HOST)
        return self._door.resolver.texts(name.lower(), seconds=self._limits.names)

    def _next(self, target: Target, location: str, *, plain: bool) -> Target:
        """Where a redirect leads, judged like an address that somebody wrote. `downgrade`: from https to http;
        `bad-redirect`: browsers go on to what we do not read.
        """
        if not is_clean(location):
            raise RefusedUrlError(Reason.BAD_REDIRECT)
        try:
            url = urljoin(target.url, location)
        except ValueError:
            raise RefusedUrlError(Reason.BAD_REDIRECT) from None
        if not target.is_plain and url[:5].lower() == "http:":
            raise RefusedUrlError(Reason.DOWNGRADE)
        return self.judge(url, plain=plain and target.is_plain)

    def _deadline(self) -> Deadline:
        return Deadline(seconds=self._limits.total)


@cache
def public_trust() -> ssl.SSLContext:
    """Authorities of the public web, read once a process: it takes longer than a check of numbers. Never changed."""
    return new_trust()


def new_trust() -> ssl.SSLContext:
    """TLS 1.2 and later, authorities of the public web; variables of the environment change nothing."""
    return httpx.create_ssl_context(trust_env=False)


def _page(asked: Asked) -> Page:
    answer = asked.answer
    return Page(
        url=asked.url,
        status=answer.status,
        headers=answer.headers,
        body=answer.body.content,
        is_cut=answer.body.is_cut,
        hops=asked.hops,
    )
