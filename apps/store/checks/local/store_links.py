"""Links to the shelves of Apple and Google, by their form alone (STO-107)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from apps.store.checks.base import Finding, Subject, Tools
from apps.store.checks.findings import failed, passed
from apps.store.checks.local import answers
from apps.store.checks.local.reasons import Reason

_APPLE, _GOOGLE = "App Store", "Google Play"
_FIELDS = {"app_store_url": _APPLE, "play_store_url": _GOOGLE}
_APPLE_HOSTS = frozenset({"apps.apple.com", "itunes.apple.com"})
_GOOGLE_HOST = "play.google.com"
_APPLE_PATH = re.compile(r"/(?:[a-z]{2}/)?app/(?:[^/]{1,300}/)?id(\d{5,12})/?")
_GOOGLE_PATH = re.compile(r"/store/apps/details(?:/[^/]{1,300})?/?")
_PACKAGE = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+", re.ASCII)


class StoreLinks:
    """The number of an Apple application or the package of a Google one can be read. Nobody is asked: whether the name
    of the publisher is close is for a person to see.
    """

    code = "store_links"
    rule = "STO-107"
    version = 1
    criterion = "CRI-FIC-04"
    is_security = False

    def targets(self, subject: Subject) -> tuple[str, ...]:
        found = (answers.text(subject, self.criterion, name) for name in _FIELDS)
        return tuple(dict.fromkeys(link for link in found if link))

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        store, number = read_link(target)
        if not number:
            return failed(Reason.STORE_LINK)
        asked = {_FIELDS[name] for name in _FIELDS if answers.text(subject, self.criterion, name) == target}
        return passed(store=store, id=number) if asked <= {store} else failed(Reason.STORE_LINK_OTHER, store=store)


def read_link(url: str) -> tuple[str, str]:
    """Name of the store and id of the application; both empty where it is no link of a store."""
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme == "https" and parts.port is None and "@" not in parts.netloc
    except ValueError:
        return "", ""
    if is_plain and parts.hostname in _APPLE_HOSTS:
        found = _APPLE_PATH.fullmatch(parts.path)
        return (_APPLE, found[1]) if found else ("", "")
    if is_plain and parts.hostname == _GOOGLE_HOST and _GOOGLE_PATH.fullmatch(parts.path):
        package = _package_in(parts.query)
        return (_GOOGLE, package) if _PACKAGE.fullmatch(package) else ("", "")
    return "", ""


def _package_in(query: str) -> str:
    try:
        return parse_qs(query, max_num_fields=20).get("id", [""])[0]
    except ValueError:  # a query of a thousand fields
        return ""
