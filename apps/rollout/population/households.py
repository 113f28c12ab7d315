"""Households: who lives together. Representatives always come before the people they represent."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from apps.rollout.population.draws import ADULT_AGE, Draws
from apps.rollout.population.people import Home, Person, Representative, Standing
from apps.rollout.population.places import Urn, homes_of, pick

# Shares tuned so that about a fifth of the people are minors and a fifth are 65 or older.
_SHAPES: Urn[str] = Urn.of(
    [("young", 17), ("old", 17), ("old couple", 14), ("couple", 18), ("one parent", 8), ("family", 26)]
)
_SCHEMES: Urn[str] = Urn.of([("01", 86), ("02", 6), ("04", 3), ("08", 2), ("95", 3)])
_CHILDREN: Urn[int] = Urn.of([(1, 38), (2, 40), (3, 17), (4, 5)])
_TWINS, _IN_CARE, _SHARED_MAILBOX = 1 / 64, 1 / 150, 1 / 12


def households(draws: Draws) -> Iterator[list[Person]]:
    """Endless households of the plan's departments."""
    homes = homes_of(draws.plan.departments)
    rng = draws.rng
    for serial in itertools.count(1):
        home = Home(
            household=f"F{serial:08d}",
            street=f"{rng.randint(1, 149)} {pick(rng, draws.names.streets)}",
            commune=homes.draw(rng),
            scheme=_SCHEMES.draw(rng),
        )
        yield _household(draws, home)


def _household(draws: Draws, home: Home) -> list[Person]:
    rng = draws.rng
    match _SHAPES.draw(rng):
        case "young":
            return [_adult(draws, home, rng.randint(ADULT_AGE, 64))]
        case "old":
            return [_adult(draws, home, 65 + int(rng.random() ** 1.5 * 37))]
        case "old couple":
            return _couple(draws, home, 65 + int(rng.random() ** 1.6 * 28))
        case "couple":
            return _couple(draws, home, rng.randint(24, 64))
        case "one parent":
            return _family(draws, home, [_adult(draws, home, rng.randint(26, 52))])
        case _:
            return _family(draws, home, _couple(draws, home, rng.randint(26, 52)))


def _adult(draws: Draws, home: Home, age: int, *, sex: str = "", relative: str = "") -> Person:
    identity = draws.identity(draws.birth(age), sex=sex)
    return Person(identity=identity, home=home, contact=draws.contact(identity), standing=draws.standing(age, relative))


def _couple(draws: Draws, home: Home, age: int) -> list[Person]:
    """Two adults; some share one mailbox (SPA-57), some stand for the other one."""
    first = _adult(draws, home, max(ADULT_AGE, age - draws.rng.randrange(7)), sex="F")
    second = _adult(draws, home, age, sex="M", relative=_if_free(first))
    if first.contact.mail and draws.chance(_SHARED_MAILBOX):
        second = replace(second, contact=replace(second.contact, mail=first.contact.mail))
    return [first, second]


def _if_free(person: Person) -> str:
    standing = person.standing
    return person.identity.number if standing.situation == "MAJEUR" and not standing.died_on else ""


def _family(draws: Draws, home: Home, parents: list[Person]) -> list[Person]:
    """Parents and their children, eldest first; grown-up children stay under their own name."""
    family = parents[-1].identity.family
    parent_age = draws.plan.today.year - max(parent.identity.year for parent in parents)
    age = min(24, max(0, parent_age - 24 - draws.rng.randrange(6)))
    members = list(parents)
    for _ in range(_CHILDREN.draw(draws.rng)):
        if age < 0:
            break
        members.extend(_births(draws, home, parents, family, age))
        age -= draws.rng.randint(2, 4)
    return members


def _births(draws: Draws, home: Home, parents: list[Person], family: str, age: int) -> Iterator[Person]:
    birth = draws.birth(age)
    twins = draws.chance(_TWINS)
    for rank in (1, 2) if twins else (0,):
        identity = draws.identity(birth, family=family, twin=rank)
        if age < ADULT_AGE:
            yield Person(identity=identity, home=home, standing=_minor(draws, parents))
        else:
            yield Person(identity=identity, home=home, contact=draws.contact(identity), standing=draws.standing(age))


def _minor(draws: Draws, parents: list[Person]) -> Standing:
    """A minor with one or two parents, or in the care of the department (ASE)."""
    if draws.chance(_IN_CARE):
        return Standing(situation="MINEUR", representatives=(Representative(quality="ASE"),))
    return Standing(
        situation="MINEUR",
        representatives=tuple(
            Representative(quality="MERE" if parent.identity.sex == "F" else "PERE", number=parent.identity.number)
            for parent in parents
        ),
    )
