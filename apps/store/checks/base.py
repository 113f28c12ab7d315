"""What every automatic check of a service is: one contract for machine findings (store.md 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

from apps.store.gateways.web.base import Browser, Web

Fact = str | int | float | bool | None | list[str]
Data = Mapping[str, object]  # fields of one answer, by the names of `criteria.FIELDS`


class Outcome(StrEnum):
    """`fail` only for facts that are never a matter of opinion; `flag` is for a person to look at; `error` is our own
    trouble or that of the network, tried again, never the candidate's fault; `skipped` says why it did not run.
    """

    PASS = "pass"  # noqa: S105  an outcome
    FAIL = "fail"
    FLAG = "flag"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one run found. `reason`: a code whose words and cure stand in `apps.store.checks.words`, empty for a plain
    pass. `measured` and `evidence`: values only, never the content of a page that was fetched (STO-114).
    """

    outcome: Outcome
    reason: str = ""
    measured: Mapping[str, Fact] = field(default_factory=dict)
    evidence: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """One piece of evidence as checks see it. `state` is that of `files.StoredFile`; `read` gives the content of a
    clean one. `valid_until` and `issued_on` come from the publisher; `use`: logo, screenshot or evidence.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    state: str
    use: str
    criteria: tuple[str, ...]
    issued_on: date | None
    valid_until: date | None
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is checked: the answers of a dossier by criterion, its files, its publisher.

    `token`: what the domain of the candidate must show (STO-109).
    """

    at: datetime
    siren: str
    siret: str
    finess: str
    publisher: str
    emails: Mapping[str, bool]  # address → whether its owner confirmed it
    answers: Mapping[str, Data]
    files: tuple[FileFacts, ...] = ()
    token: str = ""
    is_mobile: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What checks reach the outside world by; `browser` is None where no Chromium is installed."""

    web: Web
    browser: Browser | None = None


@runtime_checkable
class Check(Protocol):
    """One automatic check: `code` stands in rows, `rule` names its line of store.md, `criterion` the one it informs.

    `version` changes with the rule it applies: results name it. `targets` of a dossier are what it runs on, one row
    each: a host, a URL, the id of a file, a number. An empty tuple: nothing to check, no row. `run` raises nothing of
    its own but `web.base.WebError`, which the job turns into `error`.
    """

    code: str
    rule: str
    version: int
    criterion: str
    is_security: bool

    def targets(self, subject: Subject) -> tuple[str, ...]: ...

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding: ...
