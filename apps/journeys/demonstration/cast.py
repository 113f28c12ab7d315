"""The fixed test people of data/cast.toml, as people of the eligibility file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from apps.journeys.demonstration.spelling import trait
from apps.rollout.population.numbers import MONTH_UNKNOWN, place_in_number
from apps.rollout.population.people import Contact, Home, Identity, Person, Representative, Standing
from apps.rollout.population.places import communes
from apps.rollout.population.rows import EligibilityRow

DATA = Path(__file__).parent / "data"
ADULT_AGE = 18
FIRST_TEST_PERSON = "camille"
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """One test person: who they are in the file and what the FranceConnect simulator says about them.

    `label` is French text for the simulator's list; `franceconnect` are claims that differ on purpose from the file;
    `given` and `family` are in natural spelling ("Léa"), the person's identity carries the folded traits ("LEA").
    """

    key: str
    label: str
    given: tuple[str, ...]
    family: str
    person: Person
    signs_in: bool
    is_in_file: bool
    franceconnect: tuple[tuple[str, str], ...] = ()

    @property
    def row(self) -> EligibilityRow:
        return self.person.row()

    @property
    def ins(self) -> str:
        """Number and key, 15 characters."""
        return self.row.matricule + self.row.cle


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A delegation between adults (SPA-52..54); keys of cast members, first and last day."""

    holder: str
    delegate: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerRepresentation:
    """A parent's right that ended on the 18th birthday (SPA-48)."""

    holder: str
    representative: str
    quality: str
    ended_on: date


def cast(*, today: date) -> tuple[CastMember, ...]:
    """Every test person, representatives before those they represent. Ages are counted on `today`."""
    data = _data()
    homes = {name: _home(name, entry) for name, entry in data["homes"].items()}
    members: dict[str, CastMember] = {}
    for entry in data["person"]:
        members[entry["key"]] = _member(entry, homes[entry["home"]], members, today)
    return tuple(members.values())


def member(key: str, *, today: date) -> CastMember:
    """The test person of this key ("camille"). Raises `KeyError` when there is none."""
    return {one.key: one for one in cast(today=today)}[key]


def cast_rows(*, today: date) -> list[EligibilityRow]:
    """The cast as the first lines of the eligibility file."""
    return [one.row for one in cast(today=today) if one.is_in_file]


def rows_before_deaths(*, since: date, today: date) -> list[EligibilityRow]:
    """The cast as the insurer knew it on an earlier day: whoever died later is alive."""
    return [replace(row, date_deces="") if died_since(row, since) else row for row in cast_rows(today=today)]


def died_since(row: EligibilityRow, day: date) -> bool:
    """Whether the file tells a death after that day."""
    return row.date_deces > day.isoformat()


def mandates(*, today: date) -> tuple[Mandate, ...]:
    """Delegations to record once spaces are open: one that runs, one that is over."""
    return tuple(
        Mandate(
            holder=entry["holder"],
            delegate=entry["delegate"],
            starts_on=today + timedelta(days=entry["starts"]),
            ends_on=today + timedelta(days=entry["ends"]),
        )
        for entry in _data()["delegation"]
    )


def former_representations(*, today: date) -> tuple[FormerRepresentation, ...]:
    """Rights of parents that ended before `today`."""
    found = []
    for entry in _data()["former_representation"]:
        born = date.fromisoformat(member(entry["holder"], today=today).person.identity.born)
        ended_on = _years_after(born, ADULT_AGE)
        found.append(FormerRepresentation(**entry, ended_on=ended_on))
    return tuple(found)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((DATA / "cast.toml").read_text(encoding="utf-8"))


def _home(name: str, entry: Entry) -> Home:
    commune = next(commune for commune in communes() if commune.code == entry["commune"])
    return Home(
        household=f"DEMO-{name.upper()}",
        street=entry["street"],
        commune=commune,
        scheme=entry.get("scheme", "01"),
        complement=entry.get("complement", ""),
    )


def _member(entry: Entry, home: Home, before: Mapping[str, CastMember], today: date) -> CastMember:
    born = entry.get("born") or _born(entry["age"], entry["after_birthday"], today)
    standing = _standing(entry, before, today)
    person = Person(
        identity=_identity(entry, born),
        home=home,
        contact=Contact(mail=entry.get("mail", ""), mobile=entry.get("mobile", "")),
        standing=standing,
    )
    return CastMember(
        key=entry["key"],
        label=entry["label"],
        given=tuple(entry["given"]),
        family=entry["family"],
        person=person,
        signs_in=entry.get("signs_in", standing.situation == "MAJEUR" and not standing.died_on),
        is_in_file=entry.get("in_file", True),
        franceconnect=tuple(entry.get("franceconnect", {}).items()),
    )


def _identity(entry: Entry, born: str) -> Identity:
    given = tuple(trait(name) for name in entry["given"])
    return Identity(
        number=_number(entry, born),
        family=trait(entry["family"]),
        given=given,
        sex=entry["sex"],
        born=born,
        place=entry["place"],
        used_family=entry.get("used_family", "").upper(),
        used_given=entry["given"][0].upper(),
        twin=entry.get("twin", 0),
    )


def _number(entry: Entry, born: str) -> str:
    year, month, _ = born.split("-")
    month = MONTH_UNKNOWN if month == "00" else month
    if "temporary" in entry:
        return f"{'7' if entry['sex'] == 'M' else '8'}{year[2:]}{month}99{entry['temporary']:06d}"
    place = place_in_number(entry["place"], int(year))
    return f"{'1' if entry['sex'] == 'M' else '2'}{year[2:]}{month}{place}{entry['order']:03d}"


def _standing(entry: Entry, before: Mapping[str, CastMember], today: date) -> Standing:
    measure = entry.get("measure", "")
    is_minor = entry.get("age", ADULT_AGE) < ADULT_AGE
    died_on = today - timedelta(days=entry["died_days_ago"]) if "died_days_ago" in entry else None
    return Standing(
        situation="MINEUR" if is_minor else "MAJEUR_PROTEGE" if measure else "MAJEUR",
        measure=measure,
        representatives=tuple(
            Representative(quality=one["quality"], number=before[one["of"]].row.matricule if "of" in one else "")
            for one in entry.get("representatives", ())
        ),
        died_on=died_on.isoformat() if died_on else "",
    )


def _born(age: int, days_after_birthday: int, today: date) -> str:
    """Birth date of somebody whose last birthday, the `age`-th, was so many days ago."""
    return _years_after(today - timedelta(days=days_after_birthday), -age).isoformat()


def _years_after(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        day -= timedelta(days=1)
    return day.replace(year=day.year + years)
