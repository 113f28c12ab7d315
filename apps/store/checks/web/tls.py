"""STO-89: connections that nobody listens to, with a certificate that holds."""

from __future__ import annotations

from datetime import timedelta

from apps.store.checks.base import Fact, Finding, Subject
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.web import targets
from apps.store.checks.web.contract import Asked, WebCheck
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Reason as Untrusted
from apps.store.gateways.web.base import TlsError

LASTS = timedelta(days=30)  # less is to be renewed


class TlsCheck(WebCheck):
    """Certificates are facts here: expired, of another host, untrusted, none."""

    code = "tls"
    rule = "STO-89"
    criterion = "CRI-SEC-01"
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.hosts(subject, ("CRI-SEC-01", "hosts"))

    def look(self, asked: Asked) -> Finding:
        try:
            seen = asked.web.handshake(targets.plain_host(asked.target))
        except TlsError as error:
            return failed(error.reason)
        left = seen.ends_at - asked.subject.at
        if left <= timedelta(0):
            return failed(Untrusted.EXPIRED, ends_on=f"{seen.ends_at:%Y-%m-%d}")
        measured: dict[str, Fact] = {
            "version": seen.version,
            "ends_on": f"{seen.ends_at:%Y-%m-%d}",
            "issuer": seen.issuer[:200],
        }
        if seen.old_versions:
            return flagged(Reason.TLS_OLD, old_versions=list(seen.old_versions), **measured)
        if left < LASTS:
            return flagged(Reason.TLS_ENDS_SOON, days_left=left.days, **measured)
        return passed(days_left=left.days, **measured)
