"""Names in the form of the INS traits: plain capitals, hyphens, apostrophes and spaces (IDN-01, decisions.md 31)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from apps.common.text import fold

_REMEMBERED = 1 << 15  # names repeat; a bound keeps memory flat
_IN_FORM = re.compile(r"[A-Z][A-Z' -]*")
_SPELLINGS = str.maketrans(
    {"Œ": "OE", "œ": "OE", "Æ": "AE", "æ": "AE", "ß": "SS", "ẞ": "SS", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'",
     "‐": "-", "‑": "-", "–": "-", ".": " ", ",": " "}
)  # fmt: skip

is_in_form = _IN_FORM.fullmatch
folded = lru_cache(maxsize=_REMEMBERED)(fold)


def in_form(value: str) -> str | None:
    """The name in plain capitals, or None when letters would be lost: `Martiné` is `MARTINE`, `MART?N` is None."""
    letters = unicodedata.normalize("NFD", value.translate(_SPELLINGS).upper())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    tidy = " ".join(plain.split())
    return tidy if is_in_form(tidy) else None
