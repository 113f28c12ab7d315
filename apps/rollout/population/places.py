"""Communes and countries that the generator draws from; data/README.md gives the sources."""

from __future__ import annotations

import csv
import itertools
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

DATA = Path(__file__).parent / "data"
_BIRTH_DAMPING = 0.75  # maternity wards sit in towns, yet nobody may run out of the 999 numbers of a month
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A commune: COG code of 5 characters, postal label in capitals, one post code, department, legal population."""

    code: str
    name: str
    post_code: str
    department: str
    weight: int


@dataclass(frozen=True, slots=True)
class Urn(Generic[Item]):
    """Draws an item by its weight."""

    items: Sequence[Item]
    bounds: Sequence[float]

    @classmethod
    def of(cls, weighted: Iterable[tuple[Item, float]]) -> Urn[Item]:
        pairs = list(weighted)
        return cls([item for item, _ in pairs], list(itertools.accumulate(weight for _, weight in pairs)))

    def draw(self, rng: Random) -> Item:
        return self.items[bisect(self.bounds, rng.random() * self.bounds[-1])]


def pick(rng: Random, items: Sequence[Item]) -> Item:
    """Any of them, evenly: three times the speed of `Random.choice`, with a bias that nobody can see here."""
    return items[int(rng.random() * len(items))]


@cache
def communes() -> tuple[Commune, ...]:
    """All communes of the data file, in its order."""
    with (DATA / "communes.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(
            Commune(
                code=row["code"],
                name=row["name"],
                post_code=row["post_code"],
                department=row["department"],
                weight=int(row["weight"]),
            )
            for row in csv.DictReader(handle, delimiter=";")
        )


def homes_of(departments: Sequence[str]) -> Urn[Commune]:
    """Where people of these departments live."""
    return Urn.of((commune, commune.weight) for commune in communes() if commune.department in departments)


def births_in_france() -> Urn[str]:
    """COG codes of birth places in France, overseas and Corsica included."""
    return Urn.of((commune.code, commune.weight**_BIRTH_DAMPING) for commune in communes())


def births_abroad() -> Urn[str]:
    """INSEE codes 99xxx of countries of birth."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as handle:
        return Urn.of((row["code"], float(row["weight"])) for row in csv.DictReader(handle, delimiter=";"))
