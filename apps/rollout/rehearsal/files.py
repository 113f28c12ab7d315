"""Files of the insurer: a first one, and later ones with deaths, moves, leavers and newcomers (SPA-06, SPA-13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, islice
from math import ceil
from pathlib import Path
from sys import maxsize

from apps.rollout.population.faults import KINDS
from apps.rollout.population.plans import PopulationPlan
from apps.rollout.population.rows import COLUMNS, SEPARATOR, EligibilityRow, LabelledRow
from apps.rollout.population.writer import generate
from apps.rollout.rehearsal.fates import Act, drawn, fate_of
from apps.rollout.rehearsal.plans import NEWCOMERS_DAY, Plan

FAULTS = 0.004  # share of broken or doubled lines
_NEWCOMERS = 200  # one for so many people of the first file
_OLDER_DMP = 12  # people in a hundred who had one (SPA-21)
_BIRTHS = 10_000  # one for so many people of the first file, in households of newcomers
_COUNTED = ("lines", "broken", "deaths", "moves", "leavers", "newcomers", "births")
_REFUSED = frozenset(f"DEFAUT:{kind}" for kind in KINDS if kind not in {"COURRIEL", "CASSE"})  # these two are mended
_CHANGES = frozenset({Act.DEATH, Act.MOVE, Act.LEAVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Lines of a file, and what they tell that is new; `births` are part of `newcomers`, `broken` must be refused.

    `dead` and `left`: the numbers of the deaths and of the leavers.
    """

    lines: int
    broken: int
    deaths: int
    moves: int
    leavers: int
    newcomers: int
    births: int
    dead: frozenset[str]
    left: frozenset[str]


def write_first(path: Path, plan: Plan) -> Written:
    """The file with which everything begins."""
    return _write(path, plan, changed_on=None)


def write_later(path: Path, plan: Plan, *, on: date) -> Written:
    """The same people as they are on a later day; whom it no longer names is no longer insured."""
    return _write(path, plan, changed_on=on)


def _write(path: Path, plan: Plan, *, changed_on: date | None) -> Written:
    counts = dict.fromkeys(_COUNTED, 0)
    numbers: set[str] = set()
    gone: dict[Act, set[str]] = {Act.DEATH: set(), Act.LEAVE: set()}
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(SEPARATOR.join((*COLUMNS, "had_dmp")) + "\n")
        for labelled in generate(plan=_people(plan)):
            row = labelled.row
            numbers.add(row.matricule)
            if changed_on is not None:
                changed = _changed(row, plan, changed_on, counts, gone)
                if changed is None:
                    continue
                row = changed
            handle.write(_line(row, plan))
            counts["lines"] += 1
            counts["broken"] += labelled.truth in _REFUSED
        if changed_on is not None:
            for newcomer in _newcomers(plan, numbers):
                handle.write(_line(newcomer.row, plan))
                counts["lines"] += 1
                counts["newcomers"] += 1
                counts["births"] += _is_born_since(newcomer.row, plan)
    return Written(**counts, dead=frozenset(gone[Act.DEATH]), left=frozenset(gone[Act.LEAVE]))


def _line(row: EligibilityRow, plan: Plan) -> str:
    had_dmp = fate_of(drawn(plan.seed, row.matricule)).rest // 100 % 100 < _OLDER_DMP
    return f"{row.line()}{SEPARATOR}{int(had_dmp)}\n"


def _people(plan: Plan) -> PopulationPlan:
    return PopulationPlan(
        count=plan.population, today=plan.imported_on, seed=plan.seed, departments=plan.departments, faults=FAULTS
    )


def _newcomers(plan: Plan, numbers: set[str]) -> Iterator[LabelledRow]:
    """Whole households that were not known: the newly insured, and those of children born since the first file."""
    today = plan.day(NEWCOMERS_DAY)
    people = PopulationPlan(count=maxsize, today=today, seed=-1 - plan.seed, departments=plan.departments)
    stream = generate(plan=people, reserved=numbers)
    yield from islice(stream, max(plan.population // _NEWCOMERS, 2))
    births = ceil(plan.population / _BIRTHS)
    for _household, members in groupby(stream, key=lambda one: one.row.foyer):
        household = list(members)
        born = sum(_is_born_since(one.row, plan) for one in household)
        if born:
            yield from household
            births -= born
        if births <= 0:
            return


def _is_born_since(row: EligibilityRow, plan: Plan) -> bool:
    return row.date_naissance > plan.imported_on.isoformat()


def _changed(
    row: EligibilityRow, plan: Plan, on: date, counts: dict[str, int], gone: dict[Act, set[str]]
) -> EligibilityRow | None:
    fate = fate_of(drawn(plan.seed, row.matricule))
    happened_on = plan.imported_on + timedelta(days=12 + fate.day)
    if fate.act not in _CHANGES or happened_on >= on:
        return row
    if fate.act is Act.LEAVE:
        counts["leavers"] += 1
        gone[Act.LEAVE].add(row.matricule)
        return None
    if fate.act is Act.DEATH and not row.date_deces:
        counts["deaths"] += 1
        gone[Act.DEATH].add(row.matricule)
        return replace(row, date_deces=happened_on.isoformat())
    counts["moves"] += fate.act is Act.MOVE
    return replace(row, adresse_voie="7 RUE DU DEMENAGEMENT") if fate.act is Act.MOVE else row
