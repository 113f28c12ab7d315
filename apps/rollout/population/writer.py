"""Streams a population: same plan, same rows; memory does not grow with the number of people."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from apps.accounts.ins import control_key
from apps.rollout.population.draws import Draws
from apps.rollout.population.faults import Faults
from apps.rollout.population.households import households
from apps.rollout.population.numbers import NumberBook
from apps.rollout.population.people import Person
from apps.rollout.population.plans import PopulationPlan
from apps.rollout.population.rows import COLUMNS, SEPARATOR, TRUTH_COLUMN, EligibilityRow, LabelledRow

_HOMONYMS = 0.0008
_MEMORY = 200


def generate(*, plan: PopulationPlan, reserved: Collection[str] = ()) -> Iterator[LabelledRow]:
    """Exactly `plan.count` rows, whole households, representatives first; no number of `reserved` is given out."""
    rng = Random(f"population/{plan.seed}")  # noqa: S311 - repeatable on purpose, nothing secret is drawn
    draws = Draws(plan=plan, rng=rng, book=NumberBook(reserved=reserved))
    rows = _labelled(draws)
    if plan.faults:
        faults = Faults(draws=draws)
        rows = itertools.chain.from_iterable(map(faults.through, rows))
    return itertools.islice(rows, plan.count)


def write_file(*, path: Path, plan: PopulationPlan, opening: Iterable[EligibilityRow] = ()) -> int:
    """Write the eligibility file: header, the rows of `opening`, then invented people up to `plan.count` rows in all.

    UTF-8, `;`, no quotes, `\\n`; the column `verite` only when the plan asks for the truth. Returns the rows written.
    """
    first = [LabelledRow(row=row) for row in opening]
    reserved = frozenset(labelled.row.matricule for labelled in first)
    others = generate(plan=replace(plan, count=max(plan.count - len(first), 0)), reserved=reserved)
    header = (*COLUMNS, TRUTH_COLUMN) if plan.truth else COLUMNS
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(SEPARATOR.join(header) + "\n")
        for labelled in itertools.chain(first, others):
            tail = SEPARATOR + labelled.truth if plan.truth else ""
            handle.write(f"{labelled.row.line()}{tail}\n")
            written += 1
    return written


def _labelled(draws: Draws) -> Iterator[LabelledRow]:
    recent: deque[Person] = deque(maxlen=_MEMORY)
    for members in households(draws):
        for person in members:
            yield LabelledRow(row=person.row(), truth=_truth(person))
        if recent and draws.chance(_HOMONYMS):
            yield _homonym(draws, draws.rng.choice(recent))
        if not members[0].identity.is_temporary:
            recent.append(members[0])


def _truth(person: Person) -> str:
    if person.identity.twin:
        return "JUMEAU"
    if person.identity.is_temporary:
        return "NIA"
    return "DATE_LUNAIRE" if person.identity.born.endswith("-00") else ""


def _homonym(draws: Draws, model: Person) -> LabelledRow:
    """Somebody else with the same names and date of birth, born elsewhere and living at the same kind of address."""
    identity = model.identity
    place = draws.france.draw(draws.rng)
    number = None
    while number is None:
        place = draws.france.draw(draws.rng)
        number = draws.book.nir(sex=identity.sex, year=identity.year, month=identity.number[3:5], place=place)
    other = replace(
        model,
        identity=replace(identity, number=number, place=place),
        home=replace(model.home, household=f"{model.home.household}B"),
    )
    row = replace(other.row(), courriel="", canal="courrier", cle=control_key(number))
    return LabelledRow(row=row, truth=f"HOMONYME:{identity.number}")
