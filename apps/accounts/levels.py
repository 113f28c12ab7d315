"""Levels of a sign-in: eIDAS assurance levels as FranceConnect writes them (`acr`, IDN-20)."""

from __future__ import annotations

from enum import StrEnum

# Password and code, or a passkey made in such a session: two factors, but nobody proved an identity, so it stands on no
# rung of the ladder and opens no space (SEC-34).
TWO_FACTORS = "factors"


class Level(StrEnum):
    """low, substantial, high."""

    LOW = "eidas1"
    SUBSTANTIAL = "eidas2"
    HIGH = "eidas3"


def reaches(level: str, minimum: str) -> bool:
    """Whether `level` is a known level, equal to `minimum` or above; an unknown word reaches nothing."""
    ladder = [item.value for item in Level]
    return level in ladder and minimum in ladder and ladder.index(level) >= ladder.index(minimum)
