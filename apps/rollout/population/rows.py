"""One line of the eligibility file. Field names are the column titles of the file, in its order (ROL-10)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter

TRUTH_COLUMN = "verite"
SEPARATOR = ";"


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityRow:
    """One person as the insurer describes them; every value is text as it stands in the file, empty when unknown.

    `matricule` 13 characters (2A/2B as letters), `cle` 2 digits, `date_naissance` YYYY-MM-DD with 00 for what is
    unknown, `lieu_naissance` COG of 5 characters, `situation` MAJEUR, MINEUR or MAJEUR_PROTEGE.
    """

    matricule: str
    cle: str
    nature: str
    oid: str
    nom_naissance: str
    prenoms_naissance: str
    premier_prenom: str
    nom_utilise: str
    prenom_utilise: str
    sexe: str
    date_naissance: str
    lieu_naissance: str
    rang_gemellaire: str
    regime: str
    caisse: str
    adresse_voie: str
    adresse_complement: str
    code_postal: str
    commune: str
    code_commune: str
    departement: str
    courriel: str
    mobile: str
    canal: str
    foyer: str
    situation: str
    mesure_protection: str
    rl1_matricule: str
    rl1_qualite: str
    rl2_matricule: str
    rl2_qualite: str
    date_deces: str

    def line(self) -> str:
        """The row as one line of the file, without its end of line."""
        return SEPARATOR.join(_values(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRow:
    """A row and what is special about it (decisions 31): JUMEAU, NIA, DATE_LUNAIRE, HOMONYME:<number>, DOUBLON_…"""

    row: EligibilityRow
    truth: str = ""


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(EligibilityRow))
_values = attrgetter(*COLUMNS)
