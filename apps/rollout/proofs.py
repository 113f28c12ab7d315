"""Verification codes of receipts: made from the id of what is proved, so that none is stored (O-06, decisions.md 35).

Eight symbols of thirty (39 bits); the public page that asks for them is limited (SEC-09).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from uuid import UUID

from apps.rollout.symbols import drawn, grouped, keyed, plain

LENGTH = 8


def proof_of(proved_id: UUID) -> str:
    """`K7MF3QXT`: the verification code of one opposition or one closed space; the same one each time."""
    return drawn(b"receipt", proved_id, length=LENGTH)


def proof_mac(proof: str) -> bytes:
    """What the row of an opposition holds: 32 bytes, useless without the key (SEC-06)."""
    return keyed(b"receipt-mac", proof.encode())


def is_proof(typed: str, *, mac: bytes) -> bool:
    """Whether the symbols are those of the row, however written; it takes as long for a wrong one."""
    return hmac.compare_digest(proof_mac(plain(typed)), mac)


def proof_in(facts: Mapping[str, str]) -> str:
    """The verification code that a receipt by mail or letter prints, from the facts of its notice; empty without."""
    proved = facts.get("opposition") or facts.get("space")
    return grouped(proof_of(UUID(proved))) if proved else ""
