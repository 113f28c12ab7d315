"""FINESS numbers: nine characters, two of the department, a key by Luhn's rule (DIR-10)."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"\d[0-9AB]\d{7}", re.ASCII)
_LETTERS = str.maketrans("AB", "12")  # 2A and 2B count as 21 and 22 in the key
_TEN, _NINE = 10, 9


def is_valid_finess(number: str) -> bool:
    """Whether the key fits. `2A0000014` is valid."""
    if _SHAPE.fullmatch(number) is None or (not number.isdecimal() and number[0] != "2"):
        return False
    total = 0
    for place, digit in enumerate(reversed(number.translate(_LETTERS))):
        value = int(digit) * (1 + place % 2)
        total += value - _NINE if value > _NINE else value
    return total % _TEN == 0
