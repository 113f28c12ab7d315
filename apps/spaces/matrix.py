"""Matrix of professions and document types (matrice d'habilitation): data, never code; a missing cell refuses
(ACC-09).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "access_matrix.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessMatrix:
    """One version of the matrix. Professions are codes of TRE_G15, types codes of JDV_J07 (LOINC or TRE_A05)."""

    version: str
    legal_source: str
    in_force_from: str
    allowed: dict[str, frozenset[str]]

    def readable_types(self, profession: str) -> frozenset[str]:
        """Types that the profession may read; nothing for a profession without a row."""
        return self.allowed.get(profession, frozenset())


@lru_cache(maxsize=1)
def access_matrix() -> AccessMatrix:
    """The version in force, read once a process."""
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    allowed: dict[str, set[str]] = {}
    for profession, type_code, is_allowed in content["rows"]:
        if is_allowed:
            allowed.setdefault(profession, set()).add(type_code)
    return AccessMatrix(
        version=content["version"],
        legal_source=content["legal_source"],
        in_force_from=content["in_force_from"],
        allowed={profession: frozenset(types) for profession, types in allowed.items()},
    )
