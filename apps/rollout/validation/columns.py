"""Columns of the eligibility file, read by title; their order here is the order of the staging table (ROL-10)."""

from __future__ import annotations

import re
from dataclasses import dataclass

SEPARATOR = ";"
COLUMNS = (
    "matricule", "cle", "nature", "oid", "nom_naissance", "prenoms_naissance", "premier_prenom", "nom_utilise",
    "prenom_utilise", "sexe", "date_naissance", "lieu_naissance", "rang_gemellaire", "regime", "caisse",
    "adresse_voie", "adresse_complement", "code_postal", "commune", "code_commune", "departement", "courriel",
    "mobile", "canal", "foyer",
    "situation", "mesure_protection", "rl1_matricule", "rl1_qualite", "rl2_matricule", "rl2_qualite", "date_deces",
    "had_dmp",
)  # fmt: skip
# Columns that a file may lack, with the value of each line then: a file that knows nothing of older DMP has none.
OPTIONAL = {"had_dmp": "0"}
REQUIRED = tuple(column for column in COLUMNS if column not in OPTIONAL)
# Places of the columns, under their English names.
(
    NUMBER, KEY, NATURE, AUTHORITY, FAMILY_NAME, GIVEN_NAMES, FIRST_GIVEN_NAME, FAMILY_NAME_IN_USE,
    GIVEN_NAME_IN_USE, SEX, BIRTH_DATE, BIRTH_PLACE, TWIN_RANK, SCHEME, FUND, STREET, STREET_MORE, POST_CODE, CITY,
    COMMUNE, DEPARTMENT, MAIL, MOBILE, CHANNEL, HOUSEHOLD, SITUATION, MEASURE, REP1_NUMBER, REP1_CAPACITY,
    REP2_NUMBER, REP2_CAPACITY, DEATH_DATE, HAD_DMP,
) = range(len(COLUMNS))  # fmt: skip
# Longest value of each column, as the database keeps it.
LIMITS = (
    40, 10, 3, 32, 100, 150, 100, 100, 100, 10, 12, 5, 2, 8, 16, 120, 120, 10, 100, 5, 3, 254, 20, 10, 24, 16, 24,
    13, 8, 13, 8, 12, 1,
)  # fmt: skip
_AS_HERE = tuple(range(len(REQUIRED)))
# One look at a line says whether all its values keep their limits.
is_within_limits = re.compile(SEPARATOR.join(f"[^;]{{0,{limit}}}" for limit in LIMITS)).fullmatch


class HeaderError(ValueError):
    """The first line lacks columns or has one twice; `titles` are the columns concerned."""

    def __init__(self, *, titles: tuple[str, ...], missing: bool) -> None:
        super().__init__(", ".join(titles))
        self.titles = titles
        self.missing = missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a file keeps each column: `width` columns in all, `places[i]` is the place of `REQUIRED[i]`.

    `more` holds the places of the optional ones, None for those that the file lacks.
    """

    width: int
    places: tuple[int, ...]
    more: tuple[int | None, ...] = (None,) * len(OPTIONAL)

    @classmethod
    def of(cls, header: str) -> Layout:
        """Read the first line. Columns beyond ours are left aside. Raises `HeaderError`."""
        titles = [title.strip().lower() for title in header.split(SEPARATOR)]
        missing = tuple(column for column in REQUIRED if column not in titles)
        if missing:
            raise HeaderError(titles=missing, missing=True)
        doubled = tuple(column for column in COLUMNS if titles.count(column) > 1)
        if doubled:
            raise HeaderError(titles=doubled, missing=False)
        return cls(
            width=len(titles),
            places=tuple(titles.index(column) for column in REQUIRED),
            more=tuple(titles.index(column) if column in titles else None for column in OPTIONAL),
        )

    def values(self, line: str) -> list[str] | None:
        """Values in our order; None when the line has another number of columns than the header."""
        parts = line.split(SEPARATOR)
        if len(parts) != self.width:
            return None
        values = parts[: len(REQUIRED)] if self.places == _AS_HERE else [parts[place] for place in self.places]
        for place, absent in zip(self.more, OPTIONAL.values(), strict=True):
            values.append(absent if place is None else parts[place] or absent)
        return values
