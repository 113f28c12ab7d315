"""RPPS numbers: eleven digits, the last one a Luhn check (DIR-01)."""

from __future__ import annotations

_RPPS_LENGTH = 11
_TEN = 10


def is_valid_rpps(number: str) -> bool:
    """True for eleven digits whose Luhn sum is a multiple of ten."""
    if len(number) != _RPPS_LENGTH or not number.isdecimal():
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value >= _TEN else value for value in doubled) % _TEN == 0
