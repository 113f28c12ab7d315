"""Reads the RPPS extract `PS_LibreAcces_Personne_activite`: one line an activity, columns by title (DIR-01)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from apps.directory.rpps import is_valid_rpps

SEPARATOR = "|"
# Titles by field; the extracts have had 52 and 56 columns, so a place means nothing.
TITLES = {
    "id_type": "Type d'identifiant PP",
    "number": "Identifiant PP",
    "national_id": "Identification nationale PP",
    "family_name": "Nom d'exercice",
    "given_name": "Prénom d'exercice",
    "title": "Code civilité d'exercice",
    "profession_code": "Code profession",
    "profession_label": "Libellé profession",
    "specialty_label": "Libellé savoir-faire",
    "technical_id": "Identifiant technique de la structure",
    "finess": "Numéro FINESS site",
    "siret": "Numéro SIRET site",
    "organisation_name": "Raison sociale site",
    "sector_code": "Code secteur d'activité",
    "city": "Libellé commune (coord. structure)",
    "mode_code": "Code mode exercice",
}
KEPT = tuple(TITLES)[2:]  # what goes to the database, in this order
_LONGEST = (12, 100, 100, 16, 4, 120, 160, 32, 9, 14, 200, 8, 100, 4)
_LABELS = frozenset({"profession_label", "specialty_label", "organisation_name", "city"})  # cut where too long
_REQUIRED = ("family_name", "given_name", "profession_code", "profession_label")
_RPPS, _ADELI = "8", "0"  # type of identifier
_ADELI_LENGTH = 9
_known_rpps = lru_cache(maxsize=4096)(is_valid_rpps)  # the lines of one person follow each other


class ExtractFault(StrEnum):
    """Why a line of the extract is refused."""

    COLUMNS = "columns"
    CHARACTER = "character"
    ENCODING = "encoding"
    NUMBER = "number"
    MISSING = "missing"
    TOO_LONG = "too_long"
    ADDRESS = "address"


class TitlesMissingError(ValueError):
    """The first line lacks titles that the import needs."""

    def __init__(self, titles: tuple[str, ...]) -> None:
        super().__init__(", ".join(titles))
        self.titles = titles


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractLayout:
    """`width` titles in all; `places` of the fields of `TITLES`, in their order."""

    width: int
    places: tuple[int, ...]

    @classmethod
    def of(cls, header: str) -> ExtractLayout:
        """Read the titles. Raises `TitlesMissingError`."""
        titles = [title.strip().replace("’", "'") for title in header.removesuffix(SEPARATOR).split(SEPARATOR)]
        missing = tuple(title for title in TITLES.values() if title not in titles)
        if missing:
            raise TitlesMissingError(missing)
        return cls(width=len(titles), places=tuple(titles.index(title) for title in TITLES.values()))

    def read(self, line: str) -> tuple[str, ...] | ExtractFault:
        """Values of `KEPT`, or why the line is refused. Nothing is quoted; every line ends with a separator."""
        if not line.isprintable():
            return ExtractFault.CHARACTER
        parts = line.removesuffix(SEPARATOR).split(SEPARATOR)
        if len(parts) != self.width:
            return ExtractFault.COLUMNS
        id_type, number, *kept = (parts[place].strip() for place in self.places)
        values = dict(zip(KEPT, kept, strict=True))
        if not _is_number(id_type, number) or values["national_id"] != id_type + number:
            return ExtractFault.NUMBER
        if not all(values[field] for field in _REQUIRED):
            return ExtractFault.MISSING
        for field, longest in zip(KEPT, _LONGEST, strict=True):
            if len(values[field]) > longest:
                if field not in _LABELS:
                    return ExtractFault.TOO_LONG
                values[field] = values[field][:longest]
        return tuple(values.values())


def _is_number(id_type: str, number: str) -> bool:
    if id_type == _RPPS:
        return _known_rpps(number)
    return id_type == _ADELI and len(number) == _ADELI_LENGTH and number.isdecimal()
