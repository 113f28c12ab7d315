"""A small internet in memory: pages, certificates and texts by name, for one rule at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apps.store.checks.base import Finding, Subject, Tools
from apps.store.checks.web import CHECKS_WEB
from apps.store.gateways.web.base import Handshake, Page, Reason, RefusedUrlError, UnreachableError, Visit

AT = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
HOST = "bon.example"
SITE = f"https://{HOST}"
HTML = "text/html; charset=utf-8"


@dataclass
class MemoryWeb:
    """What is not there does not answer; an error that is kept in the place of an answer is raised."""

    simulated = True
    pages: dict[str, Page | Exception] = field(default_factory=dict)
    handshakes: dict[str, Handshake | Exception] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str, *, follow: bool = True, plain: bool = False) -> Page:
        self.asked.append(url)
        if url.startswith("http:") and not plain:
            raise RefusedUrlError(Reason.SCHEME)
        return _given(self.pages.get(url))

    def handshake(self, host: str, *, port: int = 443) -> Handshake:
        return _given(self.handshakes.get(host))

    def texts(self, name: str) -> tuple[str, ...]:
        return self.names.get(name, ())


@dataclass
class MemoryBrowser:
    """One visit, whatever the address."""

    seen: Visit | Exception

    def visit(self, url: str) -> Visit:
        return _given(self.seen)


def _given(answer):
    if answer is None:
        raise UnreachableError(Reason.TIMEOUT)
    if isinstance(answer, Exception):
        raise answer
    return answer


def page(url: str, body: str | bytes = "", *, status: int = 200, **more: object) -> Page:
    """An answer of HTML unless `headers` say otherwise."""
    headers = {"content-type": HTML, **more.pop("headers", {})}
    content = body.encode() if isinstance(body, str) else body
    return Page(url=more.pop("at", url), status=status, headers=headers, body=content, **more)


def web_of(*pages: Page, **more: object) -> MemoryWeb:
    """A web with these pages, each at its own address."""
    return MemoryWeb(pages={each.url: each for each in pages}, **more)


def handshake(*, days: int = 200, **more: object) -> Handshake:
    return Handshake(version="TLSv1.3", ends_at=AT + timedelta(days=days), issuer="Autorité", **more)


def subject(*, token: str = "", **answers: Mapping[str, object]) -> Subject:
    """A dossier with answers by criterion, `_` for `-`."""
    return Subject(
        at=AT, siren="732829320", siret="73282932000074", finess="", publisher="Tension et Compagnie", emails={},
        answers={name.replace("_", "-"): answer for name, answer in answers.items()}, token=token,
    )  # fmt: skip


def run(code: str, target: str, web: MemoryWeb | None = None, *, browser: MemoryBrowser | None = None, **answers):
    """One run of one check, as the job does it."""
    return CHECKS_WEB[code].run(
        target=target, subject=subject(**answers), tools=Tools(web=web or MemoryWeb(), browser=browser)
    )


def said(finding: Finding) -> tuple[str, str]:
    """Outcome and reason."""
    return finding.outcome.value, finding.reason
