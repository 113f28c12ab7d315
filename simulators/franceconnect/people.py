"""The invented people of the provider, with the traits of the pivot identity (IDN-28)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TRAITS = ("given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry")


class PeopleError(ValueError):
    """The file of people cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person as FranceConnect tells of him or her; all texts, empty where unknown.

    `birthdate` is `YYYY-MM-DD` with 01 for an unknown day or month; `birthplace` a COG code,
    only for people born in France; `birthcountry` an INSEE code, 99100 for France.
    """

    sub: str
    given_name: str = ""
    given_name_array: tuple[str, ...] = ()
    family_name: str = ""
    birthdate: str = ""
    gender: str = ""
    birthplace: str = ""
    birthcountry: str = ""
    email: str = ""
    label: str = ""
    note: str = ""

    def traits(self) -> dict[str, object]:
        claims: dict[str, object] = {name: getattr(self, name) for name in TRAITS}
        claims["given_name_array"] = list(self.given_name_array)
        if self.email:
            claims["email"] = self.email
        return claims


def read_people(path: Path) -> dict[str, Person]:
    """People by `sub`, in the order of the file, read anew each time: the demonstration may rewrite it.

    Raises `PeopleError` when the file is missing or has another shape.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        people = [_person(row) for row in rows]
    except (OSError, ValueError, TypeError, KeyError) as error:
        message = f"{path.name}: {type(error).__name__}"
        raise PeopleError(message) from error
    return {person.sub: person for person in people}


def typed_person(fields: Mapping[str, str]) -> Person:
    """A person typed on the page; the same traits always give the same `sub`."""
    traits = {name: fields.get(name, "").strip() for name in TRAITS}
    digest = hashlib.sha256("|".join(traits.values()).encode()).hexdigest()
    return Person(
        sub=f"{digest}v1", given_name_array=tuple(traits["given_name"].split()), email=fields.get("email", ""), **traits
    )


def _person(row: Mapping[str, object]) -> Person:
    values = {name: str(row.get(name) or "") for name in (*TRAITS, "email", "label", "note")}
    names = row.get("given_name_array")
    array = tuple(str(name) for name in names) if isinstance(names, list) else tuple(values["given_name"].split())
    return Person(sub=str(row["sub"]), given_name_array=array, **values)
