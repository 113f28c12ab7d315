"""Broken and double lines, with the label that says what a careful importer must find (decisions.md 31)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from apps.accounts.ins import Authority, control_key
from apps.rollout.population.draws import Draws
from apps.rollout.population.rows import EligibilityRow, LabelledRow

_DOUBLES = 0.15  # of the faulty lines
_MEMORY = 200  # rows among which a double is chosen: memory stays flat


def _wrong(row: EligibilityRow) -> dict[str, dict[str, str]]:
    return {
        "CLE": {"cle": f"{int(row.cle) % 97 + 1:02d}"},
        "LONGUEUR": {"matricule": row.matricule[:-1]},
        "NOM_VIDE": {"nom_naissance": ""},
        "DATE": {"date_naissance": f"31/02/{row.date_naissance[:4]}"},
        "LIEU": {"lieu_naissance": "00000"},
        "SEXE": {"sexe": "X"},
        "COURRIEL": {"courriel": "sans-arobase", "canal": "courriel"},
        "CASSE": {"nom_naissance": row.nom_naissance.capitalize()},
    }


def spoiled(row: EligibilityRow, kind: str) -> EligibilityRow:
    """The row with one broken field; `kind` is the word behind DEFAUT: in the truth column."""
    return replace(row, **_wrong(row)[kind])


KINDS = ("CLE", "LONGUEUR", "NOM_VIDE", "DATE", "LIEU", "SEXE", "COURRIEL", "CASSE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Spoils a share of the lines that pass and repeats some of them."""

    draws: Draws
    recent: deque[EligibilityRow] = field(default_factory=lambda: deque(maxlen=_MEMORY))

    def through(self, labelled: LabelledRow) -> Iterator[LabelledRow]:
        """The line, broken or not, and sometimes a double of an earlier sound one."""
        rng, share = self.draws.rng, self.draws.plan.faults
        if rng.random() < share * (1 - _DOUBLES):
            kind = rng.choice(KINDS)
            yield LabelledRow(row=spoiled(labelled.row, kind), truth=f"DEFAUT:{kind}")
            return
        yield labelled
        if self.recent and rng.random() < share * _DOUBLES:
            yield self._double(rng.choice(self.recent))
        if labelled.row.nature == "NIR":
            self.recent.append(labelled.row)

    def _double(self, row: EligibilityRow) -> LabelledRow:
        match self.draws.rng.choice(("EXACT", "ADRESSE", "NIA")):
            case "EXACT":
                return LabelledRow(row=row, truth=f"DOUBLON_EXACT:{row.matricule}")
            case "ADRESSE":
                moved = replace(row, adresse_voie="1 RUE NEUVE")
                return LabelledRow(row=moved, truth=f"DOUBLON_ADRESSE:{row.matricule}")
            case _:
                return LabelledRow(row=self._temporary(row), truth=f"DOUBLON_NIA:{row.matricule}")

    def _temporary(self, row: EligibilityRow) -> EligibilityRow:
        """The same person under the temporary number they had before."""
        number = self.draws.book.nia(sex=row.sexe, year=int(row.date_naissance[:4]), month=row.matricule[3:5])
        return replace(row, matricule=number, cle=control_key(number), nature="NIA", oid=Authority.NIA.value)
