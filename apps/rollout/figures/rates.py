"""Rates by department and age class: of the people whose notice left and who are done (ROL-22, RO-10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apps.rollout.figures.counting import Group
from apps.rollout.figures.hiding import COLUMNS, Masked, Shown, masked

Key = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """One row: numbers that may be shown, None for those that may not. `key`: department or class of age."""

    key: Key
    people: int | None
    opened: int | None
    opposed: int | None
    activated: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows in the order of their keys, then all together; `hides` tells whether a cell is hidden."""

    rows: tuple[Rates, ...]
    total: Rates
    hides: bool


def by_department(groups: Sequence[Group]) -> Table:
    """One row a department."""
    return _table(groups, lambda group: group.department)


def by_age(groups: Sequence[Group]) -> Table:
    """One row a class of age, see `counting.AGES`."""
    return _table(groups, lambda group: group.age)


def _table(groups: Sequence[Group], key_of: Callable[[Group], Key]) -> Table:
    sums: dict[Key, dict[str, int]] = {}
    for group in groups:
        row = sums.setdefault(key_of(group), dict.fromkeys(COLUMNS, 0))
        for column in COLUMNS:
            row[column] += getattr(group, column)
    keys = sorted(sums, key=lambda key: (str(key) == "", key))
    shown: Masked = masked([sums[key] for key in keys])
    return Table(
        rows=tuple(_rates(key, row) for key, row in zip(keys, shown.rows, strict=True)),
        total=_rates("", shown.total),
        hides=any(None in row.values() for row in (*shown.rows, shown.total)),
    )


def _rates(key: Key, row: Shown) -> Rates:
    return Rates(
        key=key, people=row["people"], opened=row["opened"], opposed=row["opposed"], activated=row["activated"]
    )
