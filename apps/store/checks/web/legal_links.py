"""STO-94: the pages that people have a right to read before they sign up."""

from __future__ import annotations

from urllib.parse import urlsplit

from apps.formats import media
from apps.store.checks.base import Fact, Finding, Subject
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.web import targets
from apps.store.checks.web.contract import ABSENT, Asked, WebCheck, is_found, kind_of, settled
from apps.store.checks.web.page_words import (
    LEAST_SHARE,
    NoWordsError,
    is_readable,
    may_show_more,
    share_of_french,
    words_of_page,
)
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Page

FIELDS = (("CRI-RGP-01", "url"), ("CRI-LEG-04", "url"), ("CRI-LEG-05", "url"), ("CRI-ACC-01", "url"))
LEAST_CHARACTERS = 1_500
_HOMES = frozenset({"", "/", "/fr", "/fr/", "/index.html", "/accueil", "/accueil/"})


class LegalLinksCheck(WebCheck):
    """`fail`: no such page, or an empty one."""

    code = "legal_links"
    rule = "STO-94"
    criterion = "CRI-LEG-04"

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.answers(subject, *FIELDS)

    def look(self, asked: Asked) -> Finding:
        page = settled(asked.web.get(asked.target))
        if page.status in ABSENT:
            return failed(Reason.LEGAL_ABSENT, status=page.status)
        if not is_found(page):
            return flagged(Reason.PAGE_CLOSED, status=page.status)
        if not page.body.strip() and not may_show_more(page):
            return failed(Reason.LEGAL_EMPTY, characters=0)
        if _leads_home(asked.target, page):
            return flagged(Reason.LEGAL_HOME)
        if not is_readable(page):
            return flagged(Reason.LEGAL_TYPE, media_type=kind_of(page))
        return _read(page)


def _read(page: Page) -> Finding:
    try:
        text = words_of_page(page)
    except NoWordsError:
        return flagged(Reason.LEGAL_LOCKED, media_type=page.media_type)
    share = round(share_of_french(text), 2)
    measured: dict[str, Fact] = {"characters": len(text), "french": share, "media_type": page.media_type}
    if not text:
        return flagged(Reason.LEGAL_SCRIPT) if may_show_more(page) or page.is_cut else _without_words(page)
    if share < LEAST_SHARE:
        return flagged(Reason.LEGAL_LANGUAGE, **measured)
    return flagged(Reason.LEGAL_SHORT, **measured) if len(text) <= LEAST_CHARACTERS else passed(**measured)


def _without_words(page: Page) -> Finding:
    """A PDF of pictures may well be read by people."""
    return flagged(Reason.LEGAL_LOCKED) if page.media_type == media.PDF else failed(Reason.LEGAL_EMPTY, characters=0)


def _leads_home(asked: str, page: Page) -> bool:
    """Whether a page of its own was asked and the first page of the site came."""
    wanted, got = urlsplit(asked), urlsplit(page.url)
    return wanted.path not in _HOMES and not got.query and got.path in _HOMES
