"""Levels of a sign-in: eIDAS assurance levels as FranceConnect writes them (`acr`, IDN-20)."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """low, substantial, high."""

    LOW = "eidas1"
    SUBSTANTIAL = "eidas2"
    HIGH = "eidas3"


def reaches(level: str, minimum: str) -> bool:
    """Whether `level` is a known level, equal to `minimum` or above; an unknown word reaches nothing."""
    ladder = [item.value for item in Level]
    return level in ladder and minimum in ladder and ladder.index(level) >= ladder.index(minimum)
