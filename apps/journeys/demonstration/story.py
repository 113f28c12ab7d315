"""The acts of data/story.toml and the deposits of documents.toml as one list in the order of time."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from apps.access import Purpose
from apps.common.dates import PARIS
from apps.journeys.demonstration.cast import DATA
from apps.journeys.demonstration.documents import DOCUMENTS, DemoDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that happened in a space: `kind` is `administrator`, `consent`, `deposit` or `reading`.

    `holder`, `professional`, `document` are keys of the cast, of the professionals and of the documents.
    """

    at: datetime
    kind: str
    holder: str
    professional: str
    document: str = ""
    purpose: Purpose = Purpose.CARE
    reason: str = ""
    declared_gp: bool = False


def opened_at(today: date) -> datetime:
    """When the spaces of the demonstration opened: ten o'clock in Paris."""
    return datetime.combine(today - timedelta(days=_story()["opened"]), time(10), PARIS)


def acts(*, today: date, until: datetime) -> list[Act]:
    """Everything that has happened by `until`, oldest first."""
    start = opened_at(today)
    found = [_administrator(entry, start) for entry in _story()["administrator"]]
    found += [_act("consent", entry, today) for entry in _story()["consent"]]
    found += [_act("reading", entry, today) for entry in _story()["reading"]]
    found += [_deposit(document, today) for document in DOCUMENTS]
    return sorted((act for act in found if act.at <= until), key=lambda act: act.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A holder of the cast who closed their space."""

    holder: str
    at: datetime


def closings(*, today: date) -> list[Closing]:
    """Spaces of the cast that were closed."""
    return [Closing(holder=entry["holder"], at=_instant(entry, today)) for entry in _story()["closing"]]


@cache
def _story() -> dict[str, Any]:
    return tomllib.loads((DATA / "story.toml").read_text(encoding="utf-8"))


def _administrator(entry: Mapping[str, Any], start: datetime) -> Act:
    return Act(
        at=start + timedelta(hours=1),
        kind="administrator",
        holder=entry["holder"],
        professional=entry["professional"],
        declared_gp=entry["declared_gp"],
    )


def _act(kind: str, entry: Mapping[str, Any], today: date) -> Act:
    return Act(
        at=_instant(entry, today),
        kind=kind,
        holder=entry["holder"],
        professional=entry["professional"],
        document=entry.get("document", ""),
        purpose=Purpose(entry.get("purpose", Purpose.CARE)),
        reason=entry.get("reason", ""),
    )


def _instant(entry: Mapping[str, Any], today: date) -> datetime:
    day = today + timedelta(days=entry["day"])
    return datetime.combine(day, time.fromisoformat(entry["hour"]), PARIS)


def _deposit(document: DemoDocument, today: date) -> Act:
    return Act(
        at=document.deposited_at(today),
        kind="deposit",
        holder=document.holder,
        professional=document.author,
        document=document.key,
    )
