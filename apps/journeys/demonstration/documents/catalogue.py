"""The catalogue of data/documents.toml and documents-others.toml: who wrote what about whom, and when."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from apps.formats.documents import document_type
from apps.journeys.demonstration.cast import DATA
from apps.journeys.demonstration.professionals import professional

PARIS = ZoneInfo("Europe/Paris")
LEVEL_ONE = "1.3.6.1.4.1.19376.1.2.20"  # template of a file of one piece
LOINC = "2.16.840.1.113883.6.1"
_NAMESPACE = UUID("6f1b7c52-93a4-4f0e-8c55-2d7a0e9b41c3")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDocument:
    """One document. `holder` a key of the cast, `author` and `requester` keys of professionals.

    `day` and `deposited_day` are days counted from today, `started`, `written` and `deposited` times in Paris;
    `visibility` codes of TRE_A07 to give at the deposit (DMP-15); `replaces` the key of the former version (DMP-03);
    `service` is (code, label, code system); `body` a file of bodies/ or data/ that the `builder` of this name reads.
    """

    key: str
    holder: str
    author: str
    title: str
    code: str
    code_label: str
    templates: tuple[str, ...]
    service: tuple[str, str, str]
    day: int
    started: time
    written: time
    deposited_day: int
    deposited: time
    builder: str
    body: str
    encounter: str
    requester: str | None = None
    replaces: str | None = None
    visibility: tuple[str, ...] = ()

    @property
    def author_rpps(self) -> str:
        return professional(self.author).rpps

    @property
    def first_version(self) -> str:
        """Key of version 1 of the same document."""
        return by_key(self.replaces).first_version if self.replaces else self.key

    @property
    def version(self) -> int:
        return by_key(self.replaces).version + 1 if self.replaces else 1

    def act_day(self, today: date) -> date:
        return today + timedelta(days=self.day)

    def started_at(self, today: date) -> datetime:
        return datetime.combine(self.act_day(today), self.started, PARIS)

    def written_at(self, today: date) -> datetime:
        return datetime.combine(self.act_day(today), self.written, PARIS)

    def deposited_at(self, today: date) -> datetime:
        return datetime.combine(today + timedelta(days=self.deposited_day), self.deposited, PARIS)

    def unique_id(self, today: date) -> str:
        """The OID of `ClinicalDocument/id`: another one every day, since the dates in the bytes differ (DMP-01)."""
        return oid(f"{self.key}/{today.isoformat()}")

    def set_id(self, today: date) -> str:
        return oid(f"{self.first_version}/set/{today.isoformat()}")


def oid(name: str) -> str:
    """An OID under 2.25, which anyone may use with a UUID (ITU-T X.667)."""
    return f"2.25.{uuid5(_NAMESPACE, name).int}"


@cache
def texts() -> dict[str, Any]:
    """The file as it stands: months, labels, `document` entries."""
    return tomllib.loads((DATA / "documents.toml").read_text(encoding="utf-8"))


def by_key(key: str) -> DemoDocument:
    """The document of this key. Raises `KeyError` when there is none."""
    return {document.key: document for document in DOCUMENTS}[key]


def _entries() -> list[Mapping[str, Any]]:
    others = tomllib.loads((DATA / "documents-others.toml").read_text(encoding="utf-8"))
    return [*texts()["document"], *others["document"]]


def _document(entry: Mapping[str, Any]) -> DemoDocument:
    deposited_day, deposited = entry["deposited"]
    label = entry.get("code_label") or _official_label(entry["code"])
    return DemoDocument(
        key=entry["key"],
        holder=entry["holder"],
        author=entry["author"],
        title=entry["title"],
        code=entry["code"],
        code_label=label,
        templates=tuple(entry.get("templates", (LEVEL_ONE,))),
        service=tuple(entry.get("service", (entry["code"], label, LOINC))),
        day=entry["day"],
        started=time.fromisoformat(entry["started"]),
        written=time.fromisoformat(entry["written"]),
        deposited_day=deposited_day,
        deposited=time.fromisoformat(deposited),
        builder=entry["builder"],
        body=entry["body"],
        encounter=entry.get("encounter", "AMB"),
        requester=entry.get("requester"),
        replaces=entry.get("replaces"),
        visibility=tuple(entry.get("visibility", ())),
    )


def _official_label(code: str) -> str:
    found = document_type(code)
    if found is None:
        raise KeyError(code)
    return found.label


DOCUMENTS: tuple[DemoDocument, ...] = tuple(_document(entry) for entry in _entries())
