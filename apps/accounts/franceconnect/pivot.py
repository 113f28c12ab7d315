"""The pivot identity: five traits as FranceConnect tells them (IDN-28). Compared, never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FRANCE = "99100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """Texts as received, empty where missing.

    `birth_date`: `YYYY-MM-DD`, 01 for an unknown day or month. `gender`: `female` or `male`. `birth_place`: COG code of
    the commune for people born in France, else the INSEE code of the country, as in the INS traits.
    """

    family_name: str = ""
    given_names: tuple[str, ...] = ()
    birth_date: str = ""
    gender: str = ""
    birth_place: str = ""

    @property
    def is_complete(self) -> bool:
        return all((self.family_name, self.given_names, self.birth_date, self.gender, self.birth_place))


def pivot_of(claims: Mapping[str, Any]) -> Pivot:
    """Read the claims of userinfo; anything of an unexpected type counts as missing."""
    country = _text(claims, "birthcountry")
    names = claims.get("given_name_array")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        names = []
    return Pivot(
        family_name=_text(claims, "family_name"),
        given_names=tuple(name for name in names if name.strip()) or tuple(_text(claims, "given_name").split()),
        birth_date=_text(claims, "birthdate"),
        gender=_text(claims, "gender"),
        birth_place=_text(claims, "birthplace") if country == FRANCE else country,
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""
