"""Criteria as data: the versioned referential, fields of each answer, sections of a dossier (STO-26 to STO-33)."""

from __future__ import annotations

from apps.store.criteria.fields import FIELDS, Field, FieldKind, fields_of
from apps.store.criteria.referential import CURRENT, VERSIONS, Criterion, applicable, criteria_of, criterion_of
from apps.store.criteria.sections import SECTIONS, Section, in_section, section_of

__all__ = [
    "CURRENT",
    "FIELDS",
    "SECTIONS",
    "VERSIONS",
    "Criterion",
    "Field",
    "FieldKind",
    "Section",
    "applicable",
    "criteria_of",
    "criterion_of",
    "fields_of",
    "in_section",
    "section_of",
]
