"""The sites of the invented services as they were when they were checked: recorded answers, used at loading alone.

Nothing is asked of the network while the country is loaded, and sites of the past cannot be asked any more. What these
pages say is invented like everything else; from the start on, the workers ask the simulated sites.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from html import escape
from urllib.parse import urlsplit

from apps.common.dates import PARIS
from apps.journeys.demonstration.cast import DATA
from apps.store.checks.web.ownership import PATH as PROOF_PATH
from apps.store.checks.web.ownership import PROOF
from apps.store.gateways.web.base import Handshake, Page, Reason, RefusedUrlError, TlsError

LEGAL = ("/mentions-legales", "/cgu", "/confidentialite")
STATEMENT = "/accessibilite"
_HTML, _TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"
_STRICT = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
_AUDITED = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSite:
    """One site. `token`: the proof that it shows; `rate`: of its accessibility statement, in percent."""

    host: str
    name: str
    publisher: str
    token: str
    has_tls: bool = True
    has_legal_pages: bool = True
    rate: int = 92
    headers: Mapping[str, str] = field(default_factory=lambda: _STRICT)

    def content(self, path: str, at: datetime) -> tuple[str, str] | None:
        """Media type and text of a page, None where there is none."""
        if path == "/":
            return _HTML, _html(self.name, f"{self.name}, un service de {self.publisher}.")
        if path == PROOF_PATH:
            return _TEXT, f"{PROOF}{self.token}\n"
        if path == "/.well-known/security.txt":
            return (
                _TEXT,
                f"Contact: mailto:securite@{self.host}\nExpires: {at + timedelta(days=200):%Y-%m-%dT%H:%M:%SZ}\n",
            )
        if path in LEGAL and self.has_legal_pages:
            return _HTML, _html(path[1:], self._legal())
        if path == STATEMENT:
            return _HTML, _html(path[1:], f"{self._statement(at)}\n\n{self._legal()}")
        return None

    def _legal(self) -> str:
        return _filled("legal", {"name": self.name, "publisher": self.publisher}).strip()

    def _statement(self, at: datetime) -> str:
        day = (at - _AUDITED).astimezone(PARIS)
        return _filled("statement", {"rate": str(self.rate), "date": f"{day:%d/%m/%Y}"}).strip()


@dataclass(slots=True, kw_only=True)
class RecordedWeb:
    """What the sites answered at one moment (`apps.store.gateways.web.base.Web`). It connects to nothing."""

    at: datetime
    sites: Mapping[str, RecordedSite]
    simulated: bool = True

    def get(self, url: str, *, follow: bool = True, plain: bool = False) -> Page:  # noqa: ARG002  nothing leads on
        parts = urlsplit(url)
        site = self._site(parts.hostname or "")
        if parts.scheme == "http":
            return self._in_clear(site, url, parts.path, plain=plain)
        if not site.has_tls:
            raise TlsError(Reason.NO_TLS)
        return self._page(site, url, parts.path)

    def handshake(self, host: str, *, port: int = 443) -> Handshake:  # noqa: ARG002  the shape of the protocol
        if not self._site(host).has_tls:
            raise TlsError(Reason.NO_TLS)
        return Handshake(version="TLSv1.3", ends_at=self.at + timedelta(days=60), issuer="Autorité de démonstration")

    def texts(self, name: str) -> tuple[str, ...]:  # noqa: ARG002  nobody has written any
        return ()

    def _site(self, host: str) -> RecordedSite:
        if host not in self.sites:
            raise RefusedUrlError(Reason.UNRESOLVED)
        return self.sites[host]

    def _in_clear(self, site: RecordedSite, url: str, path: str, *, plain: bool) -> Page:
        if not plain:
            raise RefusedUrlError(Reason.SCHEME)
        if not site.has_tls:
            return self._page(site, url, path)
        return Page(url=url, status=301, headers={"location": f"https://{site.host}{path}"}, hops=(url,))

    def _page(self, site: RecordedSite, url: str, path: str) -> Page:
        found = site.content(path, self.at)
        kind, text = found or (_HTML, _html("Introuvable", "Cette page n'existe pas."))
        headers = {**site.headers, "content-type": kind}
        return Page(url=url, status=200 if found else 404, headers=headers, body=text.encode(), hops=(url,))


def _html(title: str, text: str) -> str:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.strip().split("\n\n"))
    return f'<!doctype html><html lang="fr"><title>{escape(title)}</title><h1>{escape(title)}</h1>{paragraphs}</html>'


def _filled(name: str, values: Mapping[str, str]) -> str:
    text = _pages()[name]
    for key, value in values.items():
        text = text.replace(f"{{{{{key}}}}}", value)
    return text


@cache
def _pages() -> Mapping[str, str]:
    return tomllib.loads((DATA / "store-pages.toml").read_text(encoding="utf-8"))
