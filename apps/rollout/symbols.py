"""Codes that people copy from paper: made from an id and a key that stands outside the database (SEC-06)."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from apps.common.references import ALPHABET

_GROUP = 4


def keyed(use: bytes, data: bytes) -> bytes:
    """Keyed hash of 32 bytes; `use` keeps codes, receipts and what verifies them apart."""
    return hmac.new(settings.NOTICE_CODE_KEY.encode(), use + b"\x00" + data, hashlib.sha256).digest()


def drawn(use: bytes, row_id: UUID, *, length: int) -> str:
    """So many symbols for a row, the same ones each time, each as likely as the others."""
    number, symbols = int.from_bytes(keyed(use, row_id.bytes), "big"), ""
    for _place in range(length):
        number, rest = divmod(number, len(ALPHABET))
        symbols += ALPHABET[rest]
    return symbols


def plain(typed: str) -> str:
    """The symbols of what somebody typed: case, spaces and dashes do not count."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def grouped(symbols: str) -> str:
    """`K7MF-3QXT-9BRD`, as letters, mails and receipts show it."""
    return "-".join(symbols[place : place + _GROUP] for place in range(0, len(symbols), _GROUP))
