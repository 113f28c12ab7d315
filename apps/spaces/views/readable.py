"""What a profession may read, type by type, as the matrix says it (ACC-09)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.formats.documents import class_labels, document_types
from apps.spaces.matrix import access_matrix, professions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableType:
    """`cell`: True, False, or None where the matrix says nothing."""

    label: str
    cell: bool | None


def readable_groups(profession: str) -> dict[str, Any]:
    """Types by class, with how many may be read, are excluded, and are unknown, thus refused."""
    matrix = access_matrix()
    groups: dict[str, list[ReadableType]] = {}
    for kind in sorted(document_types().values(), key=lambda one: one.label):
        title = class_labels().get(kind.class_code or "", _("Other documents"))
        row = ReadableType(label=kind.label, cell=matrix.cell(profession, kind.code))
        groups.setdefault(title, []).append(row)
    cells = [row.cell for rows in groups.values() for row in rows]
    return {
        "profession": professions()[profession],
        "groups": sorted(groups.items()),
        "readable": cells.count(True),
        "excluded": cells.count(False),
        "unknown": cells.count(None),
        "matrix": matrix,
    }
