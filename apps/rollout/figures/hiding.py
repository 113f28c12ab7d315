"""Small cells stay hidden, and nobody can work them out from the sums beside them (RO-10).

The table has one row a group and a row of sums. In a row, the people are at least the opened and the opposed together,
and the activated are part of the opened, so that one of the three tells a lot about the others: with the opened or the
opposed all three are hidden. In a column, a second cell is hidden where only one was, or where what is hidden sums up
to too little. Nothing tells first and second cells apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

COLUMNS = ("people", "opened", "opposed", "activated")
FLOOR = 10

Counts = Mapping[str, int]
Shown = dict[str, int | None]
_Cell = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """What may be shown: None stands for a hidden cell."""

    rows: list[Shown]
    total: Shown


def masked(rows: Sequence[Counts], *, floor: int = FLOOR) -> Masked:
    """The table with its sums, without any cell under `floor` and without a way to compute one."""
    hidden = _hidden(rows, floor)
    shown: list[Shown] = [
        {column: None if (place, column) in hidden else row[column] for column in COLUMNS}
        for place, row in enumerate(rows)
    ]
    sums = {column: sum(row[column] for row in rows) for column in COLUMNS}
    alone = len(rows) == 1
    secret = {(0, column) for column in COLUMNS if sums[column] < floor or (alone and (0, column) in hidden)}
    secret |= _beside(secret)
    total: Shown = {column: None if (0, column) in secret else sums[column] for column in COLUMNS}
    return Masked(rows=shown, total=total)


def masked_column(numbers: Sequence[int], *, floor: int = FLOOR) -> tuple[list[int | None], int | None]:
    """One column by itself and its sum, by the same rule: None stands for what may not be shown."""
    rows = [{"number": number} for number in numbers]
    hidden = {(place, "number") for place, number in enumerate(numbers) if number < floor}
    while more := _below(rows, "number", hidden, floor):
        hidden |= more
    shown = [None if (place, "number") in hidden else number for place, number in enumerate(numbers)]
    return shown, sum(numbers) if sum(numbers) >= floor else None


def _hidden(rows: Sequence[Counts], floor: int) -> set[_Cell]:
    hidden = {(place, column) for place, row in enumerate(rows) for column in COLUMNS if row[column] < floor}
    while True:
        # One column at a time: what it hides may be enough for the next one.
        more = _beside(hidden) - hidden or next(
            (cell for column in COLUMNS if (cell := _below(rows, column, hidden, floor))), set()
        )
        if not more:
            return hidden
        hidden |= more


def _beside(hidden: set[_Cell]) -> set[_Cell]:
    """Cells of the same row that would tell: everything about few people, what they chose about the opened."""
    found: set[_Cell] = set()
    for place, column in hidden:
        if column == "people":
            found |= {(place, other) for other in COLUMNS}
        elif column in {"opened", "opposed"}:
            found |= {(place, other) for other in ("opened", "opposed", "activated")}
    return found


def _below(rows: Sequence[Counts], column: str, hidden: set[_Cell], floor: int) -> set[_Cell]:
    """The smallest shown cell of the column, when the sum tells what is hidden in it."""
    places = [place for place in range(len(rows)) if (place, column) in hidden]
    shown = [place for place in range(len(rows)) if (place, column) not in hidden]
    if not places or not shown or (len(places) > 1 and sum(rows[place][column] for place in places) >= floor):
        return set()
    return {(min(shown, key=lambda place: (rows[place][column], place)), column)}
