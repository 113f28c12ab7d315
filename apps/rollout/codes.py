"""Codes of notices: twelve symbols that are typed by hand, and nothing in the database that verifies them (SEC-06).

A code is made from the id of its row and a key that stands outside the database, so that a repeated sending carries
the same one (REL-08); the row holds a keyed hash only. Eleven symbols of thirty (54 bits), the twelfth checks them.
"""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from apps.common.references import ALPHABET, check_letter

LENGTH = 12
_DRAWN = LENGTH - 1
_GROUP = 4


def code_of(code_id: UUID) -> str:
    """`K7MF3QXT9BRD`: the code of a row; the same one each time."""
    number = int.from_bytes(_keyed(b"code", code_id.bytes), "big")
    drawn = ""
    for _place in range(_DRAWN):
        number, rest = divmod(number, len(ALPHABET))
        drawn += ALPHABET[rest]
    return drawn + check_letter(drawn)


def mac_of(code: str) -> bytes:
    """What the row of a code holds: 32 bytes."""
    return _keyed(b"mac", code.encode())


def grouped(code: str) -> str:
    """`K7MF-3QXT-9BRD`, as letters and mails show it."""
    return "-".join(code[place : place + _GROUP] for place in range(0, LENGTH, _GROUP))


def read_code(typed: str) -> str | None:
    """The twelve symbols of what somebody typed: case, spaces and dashes do not count. None when it can be no code."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(code) != LENGTH or set(code) - set(ALPHABET) or check_letter(code[:-1]) != code[-1]:
        return None
    return code


def check_digits(digits: str) -> str:
    """A letter that checks a number, by the rule that checks a code."""
    return check_letter("".join(ALPHABET[int(digit)] for digit in digits))


def _keyed(use: bytes, data: bytes) -> bytes:
    return hmac.new(settings.NOTICE_CODE_KEY.encode(), use + b"\x00" + data, hashlib.sha256).digest()
