"""The reconciliation sheet: eligible people are the sum of what became of them, counted in two ways (ROL-02)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from apps.rollout.figures.differences import Difference, of_outcomes
from apps.rollout.figures.outcomes import Cell, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Part of a line: people in one state, held or failed for one reason."""

    code: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One outcome: people by the states and by the facts. `details` add up to `by_state`."""

    outcome: Outcome
    by_state: int
    by_fact: int
    details: tuple[Detail, ...]

    @property
    def agrees(self) -> bool:
        return self.by_state == self.by_fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`people` of the register = sum of the lines, both ways. `differences` are found person by person."""

    people: int
    lines: tuple[Line, ...]
    differences: tuple[Difference, ...]

    @property
    def by_state(self) -> int:
        return sum(line.by_state for line in self.lines)

    @property
    def by_fact(self) -> int:
        return sum(line.by_fact for line in self.lines)


def sheet(cells: Sequence[Cell], *, more: Sequence[Difference] = ()) -> Sheet:
    """The sheet of these cells; `more` are differences that other checks found."""
    return Sheet(
        people=sum(cell.people for cell in cells),
        lines=tuple(_line(outcome, cells) for outcome in Outcome),
        differences=(*of_outcomes(list(cells)), *more),
    )


def _line(outcome: Outcome, cells: Sequence[Cell]) -> Line:
    mine = [cell for cell in cells if cell.by_state is outcome]
    details: Counter[str] = Counter()
    for cell in mine:
        details[cell.detail] += cell.people
    return Line(
        outcome=outcome,
        by_state=sum(cell.people for cell in mine),
        by_fact=sum(cell.people for cell in cells if cell.by_fact is outcome),
        details=tuple(Detail(code=code, people=people) for code, people in sorted(details.items())),
    )
