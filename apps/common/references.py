"""Reference numbers that people read out on the phone: no letter that looks like a digit, a check letter at the end."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 O 1 I L U
_DRAWN = 10
_GROUP = 5


def new_reference(prefix: str) -> str:
    """`CLO-7K3M9-QX4TB2`: prefix, ten letters drawn at random (49 bits), one that checks them."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(_DRAWN))
    return f"{prefix}-{drawn[:_GROUP]}-{drawn[_GROUP:]}{check_letter(drawn)}"


def is_reference(typed: str, *, prefix: str) -> bool:
    """Whether `typed` may be a reference of that prefix, however it was written; one wrong letter is found."""
    letters = "".join(typed.upper().replace("-", " ").split())
    head, tail = letters[: len(prefix)], letters[len(prefix) :]
    if head != prefix or len(tail) != _DRAWN + 1 or set(tail) - set(ALPHABET):
        return False
    return check_letter(tail[:-1]) == tail[-1]


def check_letter(drawn: str) -> str:
    """Letter that checks the others: Luhn's rule in base 30, finds each wrong letter, nearly all swapped neighbours."""
    base, total = len(ALPHABET), 0
    for place, letter in enumerate(reversed(drawn)):
        value = ALPHABET.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // base + value % base
    return ALPHABET[-total % base]
