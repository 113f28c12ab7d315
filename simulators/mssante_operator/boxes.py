"""The boxes of the operator, and how each of them answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

BOXES = Path(__file__).with_name("boxes.json")


class Manner(StrEnum):
    """What a box does with mail; the value is sent by the page and by tests."""

    TAKES = "takes"
    UNKNOWN = "unknown"
    LATER = "later"
    FULL = "full"
    COMES_BACK = "comes-back"
    DROPS_BEFORE = "drops-before"
    DROPS_AFTER = "drops-after"


LABELS = {
    Manner.TAKES: "Reçoit tout",
    Manner.UNKNOWN: "N'existe plus : refus définitif (550 5.1.1)",
    Manner.LATER: "Indisponible : refus provisoire (451 4.3.0)",
    Manner.FULL: "Pleine : refus définitif (552 5.2.2)",
    Manner.COMES_BACK: "Accepte, puis renvoie un avis de non-remise",
    Manner.DROPS_BEFORE: "Coupe la connexion avant de prendre le message",
    Manner.DROPS_AFTER: "Prend le message, puis coupe la connexion sans répondre",
}
REFUSALS = {
    Manner.UNKNOWN: "550 5.1.1 no such mailbox",
    Manner.LATER: "451 4.3.0 mailbox temporarily unavailable",
    Manner.FULL: "552 5.2.2 mailbox full",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """`kind` as the national directory has it (PER, ORG, APP); `number` the national one of its owner, or empty."""

    key: str
    name: str
    address: str
    kind: str
    number: str
    note: str


class Boxes:
    """All boxes by key and by address; each takes everything until somebody says otherwise on its page."""

    def __init__(self, domain: str) -> None:
        rows = json.loads(BOXES.read_text(encoding="utf-8"))
        self._boxes = {row["key"]: _box(row, domain) for row in rows}
        self._manners = dict.fromkeys(self._boxes, Manner.TAKES)

    def __iter__(self) -> Iterator[Box]:
        return iter(self._boxes.values())

    def get(self, key: str) -> Box | None:
        return self._boxes.get(key)

    def at(self, address: str) -> Box | None:
        """The box of an address, in any case."""
        return next((box for box in self if box.address == address.lower()), None)

    def manner(self, box: Box) -> Manner:
        return self._manners[box.key]

    def behave(self, box: Box, manner: Manner) -> None:
        self._manners[box.key] = manner


def _box(row: dict[str, str], domain: str) -> Box:
    address = f"{row['local']}@{row.get('domain', domain)}"
    return Box(
        key=row["key"], name=row["name"], address=address, kind=row["kind"], number=row["number"], note=row["note"]
    )
