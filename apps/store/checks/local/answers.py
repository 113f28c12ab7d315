"""Values of answers as they were given, whatever their shape: somebody else filled them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from apps.store.checks.base import Subject

LONGEST = 2000  # of one target


def text(subject: Subject, criterion: str, name: str) -> str:
    """The field without spaces around it; empty where it is missing or no text."""
    return _text(_field(subject, criterion, name))


def texts(subject: Subject, criterion: str, name: str) -> tuple[str, ...]:
    """The texts of a list, once each, in their order."""
    value = _field(subject, criterion, name)
    found = (_text(item) for item in value) if isinstance(value, list) else ()
    return tuple(dict.fromkeys(item for item in found if item))


def day(subject: Subject, criterion: str, name: str) -> date | None:
    """A date written `2026-11-27`."""
    try:
        return date.fromisoformat(text(subject, criterion, name))
    except ValueError:
        return None


def _field(subject: Subject, criterion: str, name: str) -> object:
    data = subject.answers.get(criterion)
    return data.get(name) if isinstance(data, Mapping) else None


def _text(value: object) -> str:
    return value.strip()[:LONGEST] if isinstance(value, str) else ""
