"""Codes of notices: twelve symbols that are typed by hand, and nothing in the database that verifies them (SEC-06).

A code is made from the id of its row and a key that stands outside the database, so that a repeated sending carries
the same one (REL-08); the row holds a keyed hash only. Eleven symbols of thirty (54 bits), the twelfth checks them.
"""

from __future__ import annotations

from uuid import UUID

from apps.common.references import ALPHABET, check_letter
from apps.rollout.symbols import drawn, keyed, plain

LENGTH = 12


def code_of(code_id: UUID) -> str:
    """`K7MF3QXT9BRD`: the code of a row; the same one each time."""
    symbols = drawn(b"code", code_id, length=LENGTH - 1)
    return symbols + check_letter(symbols)


def mac_of(code: str) -> bytes:
    """What the row of a code holds: 32 bytes."""
    return keyed(b"mac", code.encode())


def read_code(typed: str) -> str | None:
    """The twelve symbols of what somebody typed, however it was written. None when it can be no code."""
    code = plain(typed)
    if len(code) != LENGTH or set(code) - set(ALPHABET) or check_letter(code[:-1]) != code[-1]:
        return None
    return code


def check_digits(digits: str) -> str:
    """A letter that checks a number, by the rule that checks a code."""
    return check_letter("".join(ALPHABET[int(digit)] for digit in digits))
