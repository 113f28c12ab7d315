"""Text folding for comparison and for sorting in French without an ICU collation (architecture 3.11)."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"Œ": "OE", "œ": "OE", "Æ": "AE", "æ": "AE", "ß": "SS"})
_SEPARATORS = re.compile(r"[\s\-‐-―'’‘ʼ`´.]+")


def fold(value: str) -> str:
    """Capitals without diacritics; hyphens, apostrophes and runs of spaces become one space (IDN-17).

    `fold("Zoë D’Alençon-Ménard")` is `"ZOE D ALENCON MENARD"`.
    """
    plain = unicodedata.normalize("NFD", value)
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    # The ligatures last: one may itself bear an accent ("ǽ"), which has to be gone before the letter is known.
    return _SEPARATORS.sub(" ", kept.translate(_LIGATURES).upper()).strip()
