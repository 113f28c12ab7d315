"""Verification codes of receipts: made from the id of what is proved, so that none is stored (O-06, decisions.md 35).

Eight symbols of thirty (39 bits); the public page that asks for them is limited (SEC-09).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings

from apps.common.references import ALPHABET

LENGTH = 8
_GROUP = 4


def proof_of(proved_id: UUID) -> str:
    """`K7MF3QXT`: the verification code of one opposition or one closed space; the same one each time."""
    number = int.from_bytes(_keyed(b"receipt", proved_id.bytes), "big")
    symbols = ""
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        symbols += ALPHABET[rest]
    return symbols


def proof_mac(proof: str) -> bytes:
    """What the row of an opposition holds: 32 bytes, useless without the key (SEC-06)."""
    return _keyed(b"receipt-mac", proof.encode())


def is_proof(typed: str, *, mac: bytes) -> bool:
    """Whether the symbols are those of the row, however they were written; as long for a wrong one as for a right one.

    Case, spaces and dashes do not count.
    """
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return hmac.compare_digest(proof_mac(plain), mac)


def shown_proof(proof: str) -> str:
    """`K7MF-3QXT`, as receipts print it."""
    return "-".join(proof[place : place + _GROUP] for place in range(0, LENGTH, _GROUP))


def proof_in(facts: Mapping[str, str]) -> str:
    """The verification code that a receipt by mail or letter prints, from the facts of its notice; empty without."""
    proved = facts.get("opposition") or facts.get("space")
    return shown_proof(proof_of(UUID(proved))) if proved else ""


def _keyed(use: bytes, data: bytes) -> bytes:
    return hmac.new(settings.NOTICE_CODE_KEY.encode(), use + b"\x00" + data, hashlib.sha256).digest()
