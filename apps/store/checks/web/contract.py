"""What the checks that read the web have in common: addresses that nobody may ask, connections not to be trusted."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TypeVar

from apps.store.checks.base import Finding, Subject, Tools
from apps.store.checks.findings import failed, flagged
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Browser, Handshake, Page, RefusedUrlError, TlsError, Visit, Web, WebError
from apps.store.gateways.web.base import Reason as Unreached
from apps.store.gateways.web.deadlines import Deadline

ABSENT = frozenset({404, 410})
_BUSY = frozenset({408, 425, 429})
_FOUND = range(200, 300)
_FAULT = 500
SECONDS = 40.0  # of one run, and one more question at most: a site that drips at every address holds nobody longer
_OUR_LIMITS = frozenset({Unreached.TOO_MANY_REDIRECTS, Unreached.BAD_REDIRECT})  # browsers go further than we do
_Answer = TypeVar("_Answer", Page, Visit)
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One run: the target of a dossier, and the tools for it."""

    target: str
    subject: Subject
    web: Web
    browser: Browser | None


class BoundedWeb:
    """The web for as long as one run may last. Each method raises `UnreachableError` (`timeout`) afterwards."""

    def __init__(self, web: Web, *, deadline: Deadline) -> None:
        self.simulated = web.simulated
        self._web = web
        self._deadline = deadline

    def get(self, url: str, *, follow: bool = True, plain: bool = False) -> Page:
        self._deadline.left()
        return self._web.get(url, follow=follow, plain=plain)

    def handshake(self, host: str, *, port: int = 443) -> Handshake:
        self._deadline.left()
        return self._web.handshake(host, port=port)

    def texts(self, name: str) -> tuple[str, ...]:
        self._deadline.left()
        return self._web.texts(name)


class WebCheck(ABC):
    """A check of one address. A refused address is a fact about it: `fail` with the field's reason (S30), but where our
    own limits are at their end. A certificate that is not to be trusted is a matter of the check of TLS alone: for the
    others a person looks at it.
    """

    code: str
    rule: str
    version = 1
    criterion: str
    is_security = False

    @abstractmethod
    def targets(self, subject: Subject) -> tuple[str, ...]:
        """What of the dossier is looked at, one row each."""

    @abstractmethod
    def look(self, asked: Asked) -> Finding:
        """The rule itself. Raises `WebError`."""

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        """The finding on one target. Raises `UnreachableError`, or `WebError` where the site is in trouble."""
        web = BoundedWeb(tools.web, deadline=Deadline(seconds=SECONDS))
        try:
            return self.look(Asked(target=target, subject=subject, web=web, browser=tools.browser))
        except RefusedUrlError as error:
            return flagged(error.reason) if error.reason in _OUR_LIMITS else failed(error.reason)
        except TlsError as error:
            return flagged(error.reason)


def settled(page: _Answer) -> _Answer:
    """The page, unless its site says that it is in trouble itself. Raises `WebError`: tried again, no fault (L22)."""
    if page.status >= _FAULT or page.status in _BUSY:
        raise WebError(Reason.SERVER_ERROR, str(page.status))
    return page


def kind_of(page: Page) -> str:
    """The media type, if it is written like one: nothing else of an answer may stand in a finding (STO-114)."""
    return page.media_type if _MEDIA_TYPE.fullmatch(page.media_type) else ""


def is_found(page: Page | Visit) -> bool:
    """Whether the address answers with what it is asked for."""
    return page.status in _FOUND


def not_found(page: Page | Visit) -> Finding:
    """For a person to look at: what stands there instead says nothing about the service."""
    return flagged(Reason.PAGE_NOT_FOUND if page.status in ABSENT else Reason.PAGE_CLOSED, status=page.status)
