"""Sums of one wave, of one stage, of everybody, from the same rows (RO-01, ROL-22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from apps.rollout.figures.counting import Day, Standing

T = TypeVar("T", Standing, Day)
_KINDS = {
    "OPEN": ("opened",),
    "OPEN_ACTIVE": ("opened", "activated"),
    "OPPOSED": ("opposed",),
    "OPPOSED_DMP_KEPT": ("opposed",),
    "OPEN_FAILED": ("failed",),
    "NOT_OPENED_DEATH": ("dead",),
    "NOT_ELIGIBLE": ("not_eligible",),
}
_BESIDE = {"opened": ("opened",), "activated": ("opened", "activated")}  # SPA-48: by the reason
_RATED = frozenset({"opened", "activated", "opposed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """People. `noticed`: a notice left. `done`: of these, those who are in a final state, the denominator of rates.

    `opened` and `activated` are all; `opened_of_done` and `activated_of_done` those of `done`. `held` by reason.
    """

    people: int = 0
    noticed: int = 0
    done: int = 0
    opened: int = 0
    opened_of_done: int = 0
    activated: int = 0
    activated_of_done: int = 0
    opposed: int = 0
    opposed_of_done: int = 0
    failed: int = 0
    dead: int = 0
    not_eligible: int = 0
    held: int = 0


def of(standings: Iterable[Standing]) -> Sums:
    """Sums of these rows."""
    found: Counter[str] = Counter()
    for row in standings:
        for name in _names(row):
            found[name] += row.people
    return Sums(**found)


def by_wave(standings: Iterable[Standing]) -> dict[UUID | None, Sums]:
    """Sums of each wave, under None those of the people of no wave."""
    rows: dict[UUID | None, list[Standing]] = {}
    for row in standings:
        rows.setdefault(row.wave_id, []).append(row)
    return {wave_id: of(own) for wave_id, own in rows.items()}


def of_names(days: Iterable[Day], names: Collection[str]) -> int:
    """How many facts of these names there were."""
    return sum(row.number for row in days if row.name in names)


def of_waves(rows: Sequence[T], wave_ids: Collection[UUID | None]) -> list[T]:
    """Rows of these waves."""
    return [row for row in rows if row.wave_id in wave_ids]


def _names(row: Standing) -> set[str]:
    """Sums that the people of this row are part of."""
    kinds = _KINDS.get(row.state) or _BESIDE.get(row.reason, ())
    names = {"people", *kinds}
    if row.hold and not kinds:
        names.add("held")
    if row.noticed:
        names.add("noticed")
    if row.noticed and kinds:
        names |= {"done", *(f"{kind}_of_done" for kind in kinds if kind in _RATED)}
    return names
