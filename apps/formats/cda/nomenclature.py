"""Types, classes and formats of documents from the published value sets, read once from `apps/formats/data`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parent.parent / "data"
OTHER_DOCUMENTS = "AUTR_DOC"  # category of what has no other (DMP-13)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType:
    """A row of JDV_J07 with its class and the portal's category (DMP-11, DMP-12, DMP-55)."""

    code: str
    system: str
    label: str
    class_code: str | None
    category: str


@cache
def document_types() -> Mapping[str, DocumentType]:
    """Every known type by its code."""
    return {
        row["type_code"]: DocumentType(
            code=row["type_code"],
            system=row["system"],
            label=row["label"],
            class_code=row["class_code"] or None,
            category=row["category"] or OTHER_DOCUMENTS,
        )
        for row in _rows("document_types.csv")
    }


def document_type(code: str | None, system: str | None = None) -> DocumentType | None:
    """The type of a code, or None when it is unknown or belongs to another code system than the one given."""
    found = document_types().get(code or "")
    return found if found and system in {None, found.system} else None


@cache
def class_labels() -> Mapping[str, str]:
    """Label of every class code (DMP-12)."""
    return {row["class_code"]: row["label"] for row in _rows("document_classes.csv")}


def format_of_media(media_type: str | None) -> str | None:
    """Format code of a level-1 document (DMP-20)."""
    return _formats().get(("media", media_type or ""))


def format_of_templates(template_ids: Iterable[str]) -> str | None:
    """Format code of a level-3 document: that of its first known template (DMP-21)."""
    known = (_formats().get(("template", template)) for template in template_ids)
    return next((code for code in known if code), None)


@cache
def _formats() -> Mapping[tuple[str, str], str]:
    return {(row["kind"], row["key"]): row["format_code"] for row in _rows("format_codes.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
