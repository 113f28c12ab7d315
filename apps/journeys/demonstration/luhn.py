"""The check digit of RPPS, FINESS, SIREN and SIRET numbers (DIR-01, DIR-10)."""

from __future__ import annotations


def with_luhn(digits: str) -> str:
    """The digits followed by their Luhn digit; the A and B of Corsican FINESS numbers count as 1 and 2."""
    return digits + str(-luhn_sum(digits.replace("A", "1").replace("B", "2") + "0") % 10)


def luhn_sum(digits: str) -> int:
    """Luhn sum of a whole number: a multiple of ten when its last digit is right."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the two digits of a product are added
    return total
