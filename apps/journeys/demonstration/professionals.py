"""Sixty invented professionals and their structures, of data/professionals.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from apps.journeys.demonstration.cast import DATA
from apps.journeys.demonstration.luhn import with_luhn
from apps.journeys.demonstration.spelling import trait
from apps.rollout.population.names import name_lists
from apps.rollout.population.places import Commune, communes, pick

# No range of RPPS numbers is kept for fiction: 1099… lies far above the numbers given out so far.
_RPPS_STEM = 1_099_000_000
_FIRST_DRAWN = 500
_DRAWN_BIRTH_YEARS = (1960, 1992)
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A place of work. `national_id` is 1 and FINESS, or 3 and SIRET (DMP-23); `sector` of TRE_R02."""

    key: str
    name: str
    finess: str
    siret: str
    sector: str
    sector_label: str
    setting: str
    setting_label: str
    street: tuple[str, str, str, str]
    commune: Commune
    city: str
    phone: str

    @property
    def national_id(self) -> str:
        return "1" + self.finess if self.finess else "3" + self.siret

    @property
    def street_name(self) -> str:
        return f"{self.street[2]} {self.street[3].lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profession:
    """`code` of TRE_G15, `skill` of TRE_R38 or empty; `title` DR or empty."""

    code: str
    label: str
    title: str
    authority: str
    skill: str = ""
    skill_label: str = ""

    @property
    def specialty(self) -> str:
        """Code of a CDA author: `G15_10/SM54`, `G15_60`."""
        return f"G15_{self.code}/{self.skill}" if self.skill else f"G15_{self.code}"

    @property
    def specialty_label(self) -> str:
        return f"{self.label} - {self.skill_label} (SM)" if self.skill else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProfessional:
    """A professional: 11-digit RPPS, names in natural spelling, at least one structure, mode L or S of practice."""

    key: str
    purpose: str
    rpps: str
    family: str
    given: str
    civility: str
    profession: Profession
    structures: tuple[Structure, ...]
    mode: str

    @property
    def national_id(self) -> str:
        """PS_IdNat: 8 and the RPPS number (DMP-23)."""
        return "8" + self.rpps


@cache
def structures() -> Mapping[str, Structure]:
    """All structures by key."""
    return {key: _structure(key, entry) for key, entry in _data()["structures"].items()}


@cache
def professionals() -> tuple[DemoProfessional, ...]:
    """The fixed ones first, then those drawn: always the same sixty."""
    fixed = [_professional(entry) for entry in _data()["professional"]]
    return (*fixed, *_drawn())


def professional(key: str) -> DemoProfessional:
    """The fixed professional of this key ("lefort"). Raises `KeyError` when there is none."""
    return {one.key: one for one in professionals()}[key]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((DATA / "professionals.toml").read_text(encoding="utf-8"))


def _structure(key: str, entry: Entry) -> Structure:
    commune = next(commune for commune in communes() if commune.code == entry["commune"])
    label, setting = _data()["sectors"][entry["sector"]]
    siren = with_luhn(f"{98_000_000 + entry.get('siret', 0):08d}")
    return Structure(
        key=key,
        name=entry["name"],
        finess=with_luhn(f"{commune.department}{entry['finess']:06d}") if "finess" in entry else "",
        siret=with_luhn(f"{siren}0001") if "siret" in entry else "",
        sector=entry["sector"],
        sector_label=label,
        setting=setting,
        setting_label=_data()["settings"][setting],
        street=tuple(entry["street"]),
        commune=commune,
        city=entry["city"],
        phone=entry["phone"],
    )


def _profession(code: str, skill: str) -> Profession:
    entry = _data()["professions"][code]
    return Profession(
        code=code,
        label=entry["label"],
        title=entry.get("title", ""),
        authority=entry["authority"],
        skill=skill,
        skill_label=_data()["skills"][skill] if skill else "",
    )


def _professional(entry: Entry) -> DemoProfessional:
    return DemoProfessional(
        key=entry["key"],
        purpose=entry.get("purpose", ""),
        rpps=with_luhn(str(_RPPS_STEM + entry["serial"])),
        family=entry["family"],
        given=entry["given"],
        civility=entry["civility"],
        profession=_profession(entry["profession"], entry.get("skill", "")),
        structures=tuple(structures()[key] for key in entry["structures"]),
        mode=entry["mode"],
    )


def _drawn() -> list[DemoProfessional]:
    rng = Random("professionals/1")  # noqa: S311 - repeatable on purpose, nothing secret is drawn
    found: list[DemoProfessional] = []
    for group in _data()["drawn"]:
        for _ in range(group["count"]):
            found.append(_professional(_one_of(group, _FIRST_DRAWN + len(found), rng)))
    return found


def _one_of(group: Entry, serial: int, rng: Random) -> Entry:
    names, sex = name_lists(), pick(rng, "FM")
    return {
        "key": f"drawn-{serial}",
        "serial": serial,
        "family": pick(rng, names.family).title(),
        "given": pick(rng, names.given_of(sex, rng.randint(*_DRAWN_BIRTH_YEARS))).title(),
        "civility": "MME" if sex == "F" else "M",
        "profession": group["profession"],
        "skill": pick(rng, group["skills"]) if "skills" in group else "",
        "structures": rng.sample(group["structures"], pick(rng, (1, 1, 1, 2))),
        "mode": pick(rng, "LS"),
    }


def exercise_name(one: DemoProfessional) -> tuple[str, str]:
    """Family and given name as the directory writes them: capitals without accents."""
    return trait(one.family), trait(one.given)
