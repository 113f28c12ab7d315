"""STO-92: where to tell of a hole in the service."""

from __future__ import annotations

from apps.store.checks.base import Fact, Finding, Subject
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.web import targets
from apps.store.checks.web.contract import Asked, WebCheck, is_found, kind_of, settled
from apps.store.checks.web.reasons import Reason
from apps.store.checks.web.security_txt_file import SecurityTxt, read_security_txt
from apps.store.gateways.web.base import Page, Web

PATHS = ("/.well-known/security.txt", "/security.txt")  # the second one is older, and still read (RFC 9116, 3)
TYPE = "text/plain"
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


class SecurityTxtCheck(WebCheck):
    """`fail`: it ended, or a contact is no address. A page of HTML in its place is no security.txt."""

    code = "security_txt"
    rule = "STO-92"
    criterion = "CRI-SEC-04"
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.hosts(subject, ("CRI-SEC-04", "host"))

    def look(self, asked: Asked) -> Finding:
        page = _found_page(targets.plain_host(asked.target), asked.web)
        if page is None:
            return flagged(Reason.SECURITY_TXT_ABSENT)
        read = read_security_txt(page.body)
        if read is None:
            return flagged(Reason.SECURITY_TXT_UNREADABLE, media_type=kind_of(page))
        return _judged(read, page, asked.subject)


def _judged(read: SecurityTxt, page: Page, subject: Subject) -> Finding:
    measured: dict[str, Fact] = {
        "contacts": len(read.contacts),
        "ends_on": f"{read.ends_at:%Y-%m-%d}" if read.ends_at else None,
    }
    if read.ends_at and read.ends_at <= subject.at:
        return failed(Reason.SECURITY_TXT_EXPIRED, **measured)
    if not read.has_only_addresses:
        return failed(Reason.SECURITY_TXT_CONTACT, **measured)
    if not read.has_only_known_addresses:
        return flagged(Reason.SECURITY_TXT_CONTACT, **measured)
    if not read.contacts or not read.ends_at:
        return flagged(Reason.SECURITY_TXT_INCOMPLETE, **measured)
    if page.media_type != TYPE:
        return flagged(Reason.SECURITY_TXT_TYPE, media_type=kind_of(page), **measured)
    return passed(**measured)


def _found_page(host: str, web: Web) -> Page | None:
    for path in PATHS:
        page = settled(web.get(f"https://{host}{path}"))
        if is_found(page) and page.media_type not in PAGE_TYPES and page.body.strip():
            return page
    return None
