"""The domain that somebody registered, of a host (STO-93, STO-109)."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

import idna
from tldextract import TLDExtract

# The list inside the package, never fetched. Private suffixes count: neighbours below github.io own nothing in common.
_extract = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
_LABELS = 2
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


def host_of(address: str) -> str:
    """The host of a URL, or of what is a bare host already, as names are asked for (IDNA); empty where there is none:
    `fr.service.app:/back`.
    """
    text = address.strip()
    if _OTHER_SCHEME.match(text):
        return ""
    try:
        return _in_ascii((urlsplit(text if "//" in text else f"//{text}").hostname or "").rstrip("."))
    except ValueError:
        return ""


def registered_domain(host: str) -> str:
    """`service.fr` of `www.compte.service.fr`; empty for a number, a single label or a public suffix itself."""
    name = host.lower().rstrip(".")
    if not name or _is_number(name):
        return ""
    found = _extract(name)
    if found.suffix:
        return found.top_domain_under_public_suffix
    # A suffix that nobody listed: one label, the rule of the list itself.
    labels = name.split(".")
    return ".".join(labels[-_LABELS:]) if len(labels) >= _LABELS and all(labels) else ""


def _in_ascii(host: str) -> str:
    """One with accents that is no name stays as it is written: whoever asks for it says so."""
    if host.isascii():
        return host
    try:
        return idna.encode(host, strict=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return host


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
