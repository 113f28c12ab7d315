"""STO-91: the headers that keep a page from being turned against who reads it. Never `fail`."""

from __future__ import annotations

from apps.store.checks.base import Finding, Subject
from apps.store.checks.findings import flagged, passed
from apps.store.checks.web import targets
from apps.store.checks.web.contract import Asked, WebCheck, is_found, not_found, settled
from apps.store.checks.web.policies import missing
from apps.store.checks.web.reasons import Reason


class HeadersCheck(WebCheck):
    """Of the page where redirects end."""

    code = "headers"
    rule = "STO-91"
    criterion = "CRI-SEC-03"
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.answers(subject, ("CRI-SEC-03", "url"))

    def look(self, asked: Asked) -> Finding:
        page = settled(asked.web.get(asked.target))
        if not is_found(page):
            return not_found(page)
        absent = missing(page.headers)
        return flagged(Reason.HEADERS_MISSING, missing=absent) if absent else passed()
