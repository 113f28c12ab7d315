"""Family names, given names by generation and streets of the data file."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from apps.rollout.population.places import DATA, Urn, pick

_HOW_MANY: Urn[int] = Urn.of([(1, 5), (2, 7), (3, 4)])


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLists:
    """`given` maps M and F to (first years of the generations, one list of names a generation)."""

    family: Sequence[str]
    given: dict[str, tuple[Sequence[int], Sequence[Sequence[str]]]]
    streets: Sequence[str]

    def given_of(self, sex: str, year: int) -> Sequence[str]:
        """Names common among people of this sex born that year."""
        starts, lists = self.given[sex]
        return lists[max(bisect_right(starts, year) - 1, 0)]

    def draw_given(self, rng: Random, sex: str, year: int) -> tuple[str, ...]:
        """One to three different given names."""
        pool = self.given_of(sex, year)
        wanted = _HOW_MANY.draw(rng)
        given = [pick(rng, pool)]
        while len(given) < wanted:
            name = pick(rng, pool)
            if name not in given:
                given.append(name)
        return tuple(given)


@cache
def name_lists() -> NameLists:
    """The lists of data/names.toml."""
    data = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
    given: dict[str, tuple[Sequence[int], Sequence[Sequence[str]]]] = {}
    for sex, generations in data["given"].items():
        ordered = sorted((int(year), names) for year, names in generations.items())
        given[sex] = ([year for year, _ in ordered], [names for _, names in ordered])
    return NameLists(family=data["family"], given=given, streets=data["streets"]["names"])
