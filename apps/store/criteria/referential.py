"""Versions of the referential, as files: a dossier keeps the one it began with (STO-33)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from apps.store import orientation

DATA = Path(__file__).parent.parent / "data"
# Oldest first; the last one is that of new dossiers. A version once in force is never changed.
VERSIONS = ("2026-1",)
# How sure the referential is of a source: `[read]`, `[memory]`; people read the source alone.
_TAGS = re.compile(r"\s*\[(?:read|memory)\]")
CURRENT = VERSIONS[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the referential. `question` is its French text; `evidence` what is accepted as proof; `check`: auto,
    human or both; `source` the text it stands on, without the mark that says how sure the referential is of it.
    """

    code: str
    family: str
    tag: str
    question: str
    evidence: str
    check: str
    is_blocking: bool
    source: str
    position: int


@cache
def criteria_of(version: str) -> tuple[Criterion, ...]:
    """All criteria of a version in their order. Raises `FileNotFoundError` for a version that never was."""
    with (DATA / f"criteria-{version}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return tuple(
        Criterion(
            code=row["id"],
            family=row["family"],
            tag=row["applies_to"],
            question=row["question_fr"],
            evidence=row["evidence_kind"],
            check=row["check"],
            is_blocking=row["blocking"] == "yes",
            source=_TAGS.sub("", row["source"]).strip(),
            position=place,
        )
        for place, row in enumerate(rows, start=1)
    )


@cache
def _by_code(version: str) -> Mapping[str, Criterion]:
    return {criterion.code: criterion for criterion in criteria_of(version)}


def criterion_of(version: str, code: str) -> Criterion | None:
    """One criterion, None when this version has none of that code."""
    return _by_code(version).get(code)


def applicable(version: str, answers: Mapping[str, object], *, exchange: str) -> tuple[Criterion, ...]:
    """Criteria that apply to a service with these answers of the orientation, in their order (STO-28)."""
    tags = orientation.tags(answers, exchange=exchange)
    return tuple(criterion for criterion in criteria_of(version) if criterion.tag in tags)
