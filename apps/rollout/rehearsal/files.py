"""Files of the insurer: a first one, and later ones with deaths, moves, leavers and newcomers (SPA-06, SPA-13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from apps.rollout.population.plans import PopulationPlan
from apps.rollout.population.rows import COLUMNS, SEPARATOR, EligibilityRow, LabelledRow
from apps.rollout.population.writer import generate
from apps.rollout.rehearsal.fates import Act, drawn, fate_of
from apps.rollout.rehearsal.plans import NEWCOMERS_DAY, Plan

FAULTS = 0.004  # share of broken or doubled lines
_NEWCOMERS = 200  # one for so many people of the first file
_OLDER_DMP = 12  # people in a hundred who had one (SPA-21)
_CHANGES = frozenset({Act.DEATH, Act.MOVE, Act.LEAVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Lines of a file, and what they tell that is new."""

    lines: int
    deaths: int
    moves: int
    leavers: int
    newcomers: int


def write_first(path: Path, plan: Plan) -> Written:
    """The file with which everything begins."""
    return _write(path, plan, changed_on=None)


def write_later(path: Path, plan: Plan, *, on: date) -> Written:
    """The same people as they are on a later day; whom it no longer names is no longer insured."""
    return _write(path, plan, changed_on=on)


def _write(path: Path, plan: Plan, *, changed_on: date | None) -> Written:
    counts = dict.fromkeys(("lines", "deaths", "moves", "leavers", "newcomers"), 0)
    numbers: set[str] = set()
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(SEPARATOR.join((*COLUMNS, "had_dmp")) + "\n")
        for labelled in generate(plan=_people(plan)):
            row = labelled.row
            numbers.add(row.matricule)
            if changed_on is not None:
                changed = _changed(row, plan, changed_on, counts)
                if changed is None:
                    continue
                row = changed
            handle.write(_line(row, plan))
            counts["lines"] += 1
        if changed_on is not None:
            for newcomer in _newcomers(plan, numbers):
                handle.write(_line(newcomer.row, plan))
                counts["lines"] += 1
                counts["newcomers"] += 1
    return Written(**counts)


def _line(row: EligibilityRow, plan: Plan) -> str:
    had_dmp = fate_of(drawn(plan.seed, row.matricule)).rest // 100 % 100 < _OLDER_DMP
    return f"{row.line()}{SEPARATOR}{int(had_dmp)}\n"


def _people(plan: Plan) -> PopulationPlan:
    return PopulationPlan(
        count=plan.population, today=plan.imported_on, seed=plan.seed, departments=plan.departments, faults=FAULTS
    )


def _newcomers(plan: Plan, numbers: set[str]) -> Iterator[LabelledRow]:
    """Whole households that were not known: the newly insured, births among them."""
    today = plan.day(NEWCOMERS_DAY)
    count = max(plan.population // _NEWCOMERS, 2)
    people = PopulationPlan(count=count, today=today, seed=-1 - plan.seed, departments=plan.departments)
    return generate(plan=people, reserved=numbers)


def _changed(row: EligibilityRow, plan: Plan, on: date, counts: dict[str, int]) -> EligibilityRow | None:
    fate = fate_of(drawn(plan.seed, row.matricule))
    happened_on = plan.imported_on + timedelta(days=12 + fate.day)
    if fate.act not in _CHANGES or happened_on >= on:
        return row
    if fate.act is Act.LEAVE:
        counts["leavers"] += 1
        return None
    if fate.act is Act.DEATH and not row.date_deces:
        counts["deaths"] += 1
        return replace(row, date_deces=happened_on.isoformat())
    counts["moves"] += fate.act is Act.MOVE
    return replace(row, adresse_voie="7 RUE DU DEMENAGEMENT") if fate.act is Act.MOVE else row
