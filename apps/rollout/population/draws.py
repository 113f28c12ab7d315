"""Draws identities, contacts and standings: the random choices about one person."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from apps.rollout.population.names import NameLists, name_lists
from apps.rollout.population.numbers import (
    ALGERIA,
    ALGERIA_INDEPENDENT_YEAR,
    MONTH_UNKNOWN,
    NumberBook,
    place_in_number,
)
from apps.rollout.population.people import Contact, Identity, Representative, Standing
from apps.rollout.population.places import Urn, births_abroad, births_in_france, pick
from apps.rollout.population.plans import PopulationPlan

ADULT_AGE = 18
_IN_ADDRESS = str.maketrans(" ", "-", "'")
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ABROAD_ADULT, _ABROAD_CHILD = 0.11, 0.04
_TEMPORARY = 0.01  # of people born abroad
_PROTECTED, _PROTECTED_OLD, _OLD_AGE = 0.005, 0.03, 75
_DEAD, _DEAD_OLD = 0.0006, 0.012
_PARTS_KNOWN: Urn[int] = Urn.of([(3, 94), (2, 2), (1, 4)])
_MEASURES = ("TUTELLE", "CURATELLE_SIMPLE", "CURATELLE_RENFORCEE", "HABILITATION_FAMILIALE", "SAUVEGARDE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """Day and place; `known` is how many parts of the date are known: 3, 2 (no day) or 1 (neither month nor day)."""

    year: int
    month: int
    day: int
    place: str
    known: int = 3

    @property
    def text(self) -> str:
        month = self.month if self.known > 1 else 0
        return f"{self.year}-{month:02d}-{self.day if self.known > 2 else 0:02d}"  # noqa: PLR2004

    @property
    def month_in_number(self) -> str:
        return f"{self.month:02d}" if self.known > 1 else MONTH_UNKNOWN

    @property
    def is_abroad(self) -> bool:
        return self.place.startswith("99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """A source of people: random numbers, lists and the book of numbers given out."""

    plan: PopulationPlan
    rng: Random
    book: NumberBook
    names: NameLists = field(default_factory=name_lists)
    france: Urn[str] = field(default_factory=births_in_france)
    abroad: Urn[str] = field(default_factory=births_abroad)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def family(self) -> str:
        return pick(self.rng, self.names.family)

    def sex(self) -> str:
        return "M" if self.chance(0.49) else "F"

    def birth(self, age: int) -> Birth:
        """A birth that gives exactly this age, in whole years, on the plan's day."""
        rng, today = self.rng, self.plan.today
        month = int(rng.random() * 12) + 1
        day = int(rng.random() * _MONTH_LENGTHS[month - 1]) + 1
        later_this_year = (month, day) > (today.month, today.day)
        abroad = self.chance(_ABROAD_ADULT if age >= ADULT_AGE else _ABROAD_CHILD)
        place = self.abroad.draw(rng) if abroad else self.france.draw(rng)
        known = _PARTS_KNOWN.draw(rng) if abroad and age > 40 else 3  # noqa: PLR2004
        return Birth(year=today.year - age - later_this_year, month=month, day=day, place=place, known=known)

    def number(self, sex: str, birth: Birth) -> tuple[str, str]:
        """A number of this birth and the place it was given for (another one when that month is full)."""
        month, place = birth.month_in_number, birth.place
        if birth.is_abroad and self.chance(_TEMPORARY):
            return self.book.nia(sex=sex, year=birth.year, month=month), place
        while True:
            number = self.book.nir(sex=sex, year=birth.year, month=month, place=self._written(place, birth.year))
            if number is not None:
                return number, place
            place = self.abroad.draw(self.rng) if birth.is_abroad else self.france.draw(self.rng)

    def _written(self, place: str, year: int) -> str:
        if place == ALGERIA and year < ALGERIA_INDEPENDENT_YEAR and self.chance(0.25):
            return f"{self.rng.randint(91, 94)}{self.rng.randint(200, 263)}"
        return place_in_number(place, year)

    def identity(self, birth: Birth, *, sex: str = "", family: str = "", twin: int = 0) -> Identity:
        sex = sex or self.sex()
        number, place = self.number(sex, birth)
        given = self.names.draw_given(self.rng, sex, birth.year)
        is_adult = birth.year < self.plan.today.year - ADULT_AGE
        return Identity(
            number=number,
            family=family or self.family(),
            given=given,
            sex=sex,
            born=birth.text,
            place=place,
            used_family=self.family() if is_adult and self.chance(0.35 if sex == "F" else 0.01) else "",
            used_given=given[-1] if self.chance(0.03) else given[0],
            twin=twin,
        )

    def contact(self, identity: Identity) -> Contact:
        """Contact of an adult: domains in .test, numbers of the range kept for fiction; minors have none."""
        mail = ""
        if not self.chance(self.plan.without_mail):
            name = f"{identity.used_given}.{identity.family}".lower().translate(_IN_ADDRESS)
            mail = f"{name}{int(self.rng.random() * 1_000_000)}@courriel{int(self.rng.random() * 4)}.test"
        return Contact(mail=mail, mobile=f"063998{int(self.rng.random() * 10_000):04d}" if self.chance(0.75) else "")

    def standing(self, age: int, relative: str = "") -> Standing:
        """Protection and death of an adult; `relative` is the number of somebody who may represent them."""
        died_on = ""
        if self.chance(_DEAD_OLD if age >= _OLD_AGE else _DEAD):
            died_on = f"{self.plan.today.year - 1}-{self.rng.randint(1, 12):02d}-{self.rng.randint(1, 28):02d}"
        if not self.chance(_PROTECTED_OLD if age >= _OLD_AGE else _PROTECTED):
            return Standing(died_on=died_on)
        measure = self.rng.choice(_MEASURES)
        representatives: tuple[Representative, ...] = ()
        if measure != "SAUVEGARDE":
            quality = "FAMILLE" if relative else "MJPM"
            representatives = (Representative(quality=quality, number=relative),)
        return Standing(situation="MAJEUR_PROTEGE", measure=measure, representatives=representatives, died_on=died_on)
