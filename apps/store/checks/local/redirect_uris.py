"""Where people may be sent back to after they agreed: exact addresses of the publisher, nothing else (STO-98)."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from apps.store.checks.base import Finding, Subject, Tools
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.local import answers
from apps.store.checks.local.reasons import Reason
from apps.store.checks.web.domains import host_of, registered_domain

# Characters of RFC 3986 and no others: browsers and servers differ on the rest (spaces, backslashes, accents).
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()+,;=%]+")
_PLACEHOLDERS = frozenset("*{}<>")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-_.]*[A-Za-z0-9])?\.?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
_LOCAL = frozenset({"localhost", "localdomain", "local", "internal"})
# Schemes that no application may call its own.
_FOREIGN = frozenset(
    {"http", "javascript", "data", "file", "ftp", "blob", "about", "vbscript", "urn", "mailto", "tel", "ws", "wss"}
)
# The publisher's own places, as the dossier declares them; pages of others (conditions, statements) are left out.
_OWN_URLS = (("CRI-ELI-02", "url"), ("CRI-FIC-04", "web_url"), ("CRI-SEC-03", "url"))
_OWN_HOSTS = (("CRI-SEC-01", "hosts"), ("CRI-SEC-02", "hosts"))


class RedirectUris:
    """Each address apart. A domain that the dossier does not name elsewhere, and the scheme of a mobile application,
    are looked at by a person; whatever else is wrong is a fact.
    """

    code = "redirect_uris"
    rule = "STO-98"
    version = 1
    criterion = "CRI-INT-02"
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return answers.texts(subject, self.criterion, "uris")

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        parts = _parts(target)
        reason = _writing_fault(target, parts)
        if reason is not None:
            return failed(reason)
        if parts is None:
            return failed(Reason.REDIRECT_MALFORMED)
        if parts.scheme != "https":
            is_own = subject.is_mobile and parts.scheme not in _FOREIGN
            return (flagged if is_own else failed)(
                Reason.REDIRECT_CUSTOM_SCHEME if is_own else Reason.REDIRECT_NOT_HTTPS, scheme=parts.scheme
            )
        return _host_finding(parts, subject)


def _parts(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        _ = parts.port, parts.hostname  # read late, and then refused
    except ValueError:
        return None
    return parts


def _writing_fault(uri: str, parts: SplitResult | None) -> Reason | None:
    if _PLACEHOLDERS & set(uri):
        return Reason.REDIRECT_WILDCARD
    if parts is None or len(uri) >= answers.LONGEST or not _CHARACTERS.fullmatch(uri) or not _SCHEME.match(uri):
        return Reason.REDIRECT_MALFORMED
    return Reason.REDIRECT_FRAGMENT if "#" in uri else None


def _host_finding(parts: SplitResult, subject: Subject) -> Finding:
    host = (parts.hostname or "").rstrip(".")
    reason = _host_fault(parts, host)
    if reason is not None:
        return failed(reason)
    domain = registered_domain(host)
    if domain not in _domains_of(subject):
        return flagged(Reason.REDIRECT_OTHER_DOMAIN, host=host, domain=domain)
    return passed(host=host, domain=domain)


def _host_fault(parts: SplitResult, host: str) -> Reason | None:
    if "@" in parts.netloc:
        return Reason.REDIRECT_USERINFO
    if parts.netloc.startswith("[") or _is_number(host):
        return Reason.REDIRECT_ADDRESS
    if host.rpartition(".")[2] in _LOCAL:
        return Reason.REDIRECT_LOCALHOST
    return Reason.REDIRECT_MALFORMED if not _NAME.fullmatch(host) or "." not in host or ".." in host else None


def _is_number(host: str) -> bool:
    """Whether browsers take the host for an address: the last label alone tells (`2130706433`, `0x7f.1`)."""
    try:
        ip_address(host)
    except ValueError:
        return _NUMBER.fullmatch(host.rpartition(".")[2]) is not None
    return True


def _domains_of(subject: Subject) -> frozenset[str]:
    places = [answers.text(subject, *field) for field in (*_OWN_URLS, ("CRI-SEC-04", "host"))]
    places += [host for field in _OWN_HOSTS for host in answers.texts(subject, *field)]
    return frozenset(registered_domain(host_of(place)) for place in places) - {""}
