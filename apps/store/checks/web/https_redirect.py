"""STO-90: who asks in clear is sent to TLS, once and for the next months."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from apps.store.checks.base import Fact, Finding, Subject
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.web import targets
from apps.store.checks.web.contract import Asked, WebCheck, is_found, settled
from apps.store.checks.web.hsts import LEAST_SECONDS, max_age
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Page, UnreachableError, Web
from apps.store.gateways.web.base import Reason as Unreached

PERMANENT = frozenset({301, 308})
TEMPORARY = frozenset({302, 303, 307})


class HttpsRedirectCheck(WebCheck):
    """`fail` only where a page is served in clear."""

    code = "https_redirect"
    rule = "STO-90"
    criterion = "CRI-SEC-02"
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.hosts(subject, ("CRI-SEC-02", "hosts"))

    def look(self, asked: Asked) -> Finding:
        host = targets.plain_host(asked.target)
        clear = _asked_in_clear(host, asked.web)
        if clear and is_found(clear):
            return failed(Reason.HTTP_SERVES, status=clear.status)
        secure = settled(asked.web.get(f"https://{host}/", follow=False))
        seconds = max_age(secure.headers.get("strict-transport-security", ""))
        reason = _way(clear) or _promise(seconds)
        measured: dict[str, Fact] = {"status": clear.status if clear else None, "max_age": seconds}
        return flagged(reason, **measured) if reason else passed(**measured)


def _asked_in_clear(host: str, web: Web) -> Page | None:
    """None where the port for clear text is closed, or a firewall drops who asks: no trouble, but worth a look."""
    try:
        return settled(web.get(f"http://{host}/", follow=False, plain=True))
    except UnreachableError as error:
        if error.reason in {Unreached.REFUSED, Unreached.TIMEOUT}:
            return None
        raise


def _way(clear: Page | None) -> str:
    if clear is None:
        return Reason.HTTP_CLOSED
    if clear.status not in PERMANENT | TEMPORARY:
        return Reason.HTTP_NO_REDIRECT
    try:
        scheme = urlsplit(urljoin(clear.url, clear.headers.get("location", ""))).scheme
    except ValueError:
        scheme = ""
    if scheme != "https":
        return Reason.HTTP_NO_REDIRECT
    return "" if clear.status in PERMANENT else Reason.HTTP_TEMPORARY


def _promise(seconds: int | None) -> str:
    if not seconds:
        return Reason.HSTS_ABSENT
    return Reason.HSTS_SHORT if seconds < LEAST_SECONDS else ""
