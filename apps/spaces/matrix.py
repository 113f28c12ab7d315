"""Matrix of professions and document types (matrice d'habilitation): data, never code; a missing cell refuses
(ACC-09).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessMatrix:
    """One version of the matrix. Professions are codes of TRE_G15, types codes of JDV_J07 (LOINC or TRE_A05)."""

    version: str
    legal_source: str
    in_force_from: str
    allowed: dict[str, frozenset[str]]
    refused: dict[str, frozenset[str]]

    def readable_types(self, profession: str) -> frozenset[str]:
        """Types that the profession may read; nothing for a profession without a row."""
        return self.allowed.get(profession, frozenset())

    def cell(self, profession: str, type_code: str) -> bool | None:
        """What the matrix says; None where it says nothing, which refuses too (ACC-09)."""
        if type_code in self.readable_types(profession):
            return True
        return False if type_code in self.refused.get(profession, frozenset()) else None


@lru_cache(maxsize=1)
def access_matrix() -> AccessMatrix:
    """The version in force, read once a process."""
    content = json.loads((_DATA / "access_matrix.json").read_text(encoding="utf-8"))
    cells: dict[bool, dict[str, set[str]]] = {True: {}, False: {}}
    for profession, type_code, is_allowed in content["rows"]:
        cells[is_allowed].setdefault(profession, set()).add(type_code)
    return AccessMatrix(
        version=content["version"],
        legal_source=content["legal_source"],
        in_force_from=content["in_force_from"],
        allowed={profession: frozenset(types) for profession, types in cells[True].items()},
        refused={profession: frozenset(types) for profession, types in cells[False].items()},
    )


@lru_cache(maxsize=1)
def professions() -> dict[str, str]:
    """Codes of TRE_G15 and their labels, in the order of the codes (DIR-12)."""
    content = json.loads((_DATA / "professions.json").read_text(encoding="utf-8"))
    return dict(content["professions"])
