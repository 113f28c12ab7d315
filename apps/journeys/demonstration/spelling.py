"""From natural spelling to the spellings that files and claims use."""

from __future__ import annotations

import unicodedata


def trait(name: str) -> str:
    """A name as the eligibility file writes traits: capitals without accents, hyphens and apostrophes kept."""
    plain = unicodedata.normalize("NFD", name.upper().replace("Œ", "OE").replace("Æ", "AE"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
