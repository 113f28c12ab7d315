"""Receipts: what they say, as a tagged PDF, and whether one is genuine (O-06, decisions.md 35)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typst

from apps.common.references import is_reference
from apps.rollout.models import Opposition
from apps.rollout.proofs import is_proof, proof_mac, proof_of
from apps.rollout.services.opposition_rows import REFERENCE
from apps.rollout.services.telling import Act
from apps.rollout.symbols import grouped
from apps.spaces.endings import REFERENCE as CLOSING
from apps.spaces.models import HealthSpace

_TEMPLATE = Path(__file__).parents[1] / "data" / "receipt.typ"
_NOBODYS = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One act with its instant; `act` is `closed` for the closing of S29. No name: the page adds what it may show."""

    act: str
    reference: str
    proof: str
    at: datetime
    keeps_dmp: bool = False
    closed_space: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Genuine:
    """What the public page says of a receipt: kind and dates, never whose it is."""

    act: str
    at: datetime
    confirmed_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The words of a receipt in the reader's language; `facts` are pairs of term and value."""

    title: str
    author: str
    intro: str
    facts: Sequence[tuple[str, str]]
    next_title: str
    next: Sequence[str]


def receipt_of(opposition: Opposition, *, act: Act) -> Receipt | None:
    """Of the opposition itself, its confirmation or its withdrawal: one number and one verification code for all.

    None for a confirmation or a withdrawal that did not happen.
    """
    instants = {Act.CONFIRMED: opposition.confirmed_at, Act.WITHDRAWN: opposition.withdrawn_at}
    at = instants.get(act, opposition.received_at)
    if at is None:
        return None
    keeps = opposition.person.had_dmp and opposition.confirmed_at is None and not opposition.closed_space
    return Receipt(
        act=act.value,
        reference=opposition.reference,
        proof=grouped(proof_of(opposition.pk)),
        at=at,
        keeps_dmp=keeps and act is Act.OPPOSED,
        closed_space=opposition.closed_space and act is Act.OPPOSED,
    )


def receipt_of_closing(space: HealthSpace) -> Receipt | None:
    """Of a space that was closed in the visit of S29."""
    if space.closed_at is None:
        return None
    proof = grouped(proof_of(space.pk))
    return Receipt(act="closed", reference=space.closure_reference, proof=proof, at=space.closed_at)


def receipt_pdf(printed: Printed) -> bytes:
    """PDF/UA-1. The words travel as data and are never read as code of the template."""
    data = json.dumps(asdict(printed), ensure_ascii=False)
    made: bytes = typst.compile(str(_TEMPLATE), format="pdf", sys_inputs={"data": data}, pdf_standards=["ua-1"])
    return made


def verify(*, reference: str, proof: str) -> Genuine | None:
    """Whether we have given out this receipt; None when number and code do not go together. The same work each time."""
    plain = "".join(reference.upper().split()).replace("-", "")
    return _opposition(plain, proof) or _closing(plain, proof)


def _opposition(plain: str, proof: str) -> Genuine | None:
    wanted = _written(plain, REFERENCE)
    row = Opposition.objects.filter(reference=wanted).first()
    if not is_proof(proof, mac=bytes(row.check_mac) if row is not None else _NOBODYS) or row is None:
        return None
    return Genuine(
        act=Act.OPPOSED.value, at=row.received_at, confirmed_at=row.confirmed_at, withdrawn_at=row.withdrawn_at
    )


def _closing(plain: str, proof: str) -> Genuine | None:
    wanted = _written(plain, CLOSING)
    closed = HealthSpace.objects.filter(closure_reason=HealthSpace.ClosureReason.TOO_LATE)
    row = closed.filter(closure_reference=wanted or "-").first()
    mac = proof_mac(proof_of(row.pk)) if row is not None else _NOBODYS
    if not is_proof(proof, mac=mac) or row is None or row.closed_at is None:
        return None
    return Genuine(act="closed", at=row.closed_at)


def _written(plain: str, prefix: str) -> str:
    """`OPP-7K3M9-QX4TB2` of what was typed; empty when it can be no such reference."""
    if not is_reference(plain, prefix=prefix):
        return ""
    rest = plain[len(prefix) :]
    return f"{prefix}-{rest[:5]}-{rest[5:]}"
