"""Eligibility files for tests: a sound line by default, values by column title."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

from apps.accounts.ins import control_key
from apps.rollout import services
from apps.rollout.validation.columns import COLUMNS
from tests.harness.clock import NOON

HEADER = ";".join(COLUMNS)
TEST_NIR, NIA = "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.9"
SOPHIE = "2790244109999"
MICHEL = "1620180021777"
_SOUND = {
    "matricule": SOPHIE, "nature": "NIR", "oid": TEST_NIR, "nom_naissance": "ESSAI", "prenoms_naissance": "SOPHIE",
    "premier_prenom": "SOPHIE", "prenom_utilise": "SOPHIE", "sexe": "F", "date_naissance": "1979-02-22",
    "lieu_naissance": "44109", "regime": "01", "caisse": "441", "adresse_voie": "3 RUE DES ESSAIS",
    "code_postal": "44310",
    "commune": "SAINT PHILBERT DE GRAND LIEU", "code_commune": "44188", "departement": "44",
    "courriel": "sophie.essai@courriel.test", "canal": "courriel", "foyer": "F9", "situation": "MAJEUR",
    "had_dmp": "0",
}  # fmt: skip
# A child of Sophie, nine years old at NOON.
CHILD = {
    "matricule": "1170344109501", "nom_naissance": "ESSAI", "prenoms_naissance": "TOM", "premier_prenom": "TOM",
    "prenom_utilise": "TOM", "sexe": "M", "date_naissance": "2017-03-20", "courriel": "", "canal": "courrier",
    "situation": "MINEUR", "rl1_matricule": SOPHIE, "rl1_qualite": "MERE",
}  # fmt: skip
FATHER = {
    "matricule": MICHEL, "nom_naissance": "CLOS", "prenoms_naissance": "MICHEL", "premier_prenom": "MICHEL",
    "prenom_utilise": "MICHEL", "sexe": "M", "date_naissance": "1962-01-15", "lieu_naissance": "80021", "courriel": "",
    "canal": "courrier",
}  # fmt: skip


def row(**values: str) -> str:
    """One line; the key follows the number unless given."""
    whole = {**dict.fromkeys(COLUMNS, ""), **_SOUND, **values}
    whole.setdefault("cle", "")
    whole["cle"] = values.get("cle", control_key(whole["matricule"]) if len(whole["matricule"]) == 13 else "00")
    return ";".join(whole[column] for column in COLUMNS)


def content(*lines: str, header: str = HEADER, end: str = "\n") -> bytes:
    return "".join(line + end for line in (header, *lines)).encode()


def run_import(data: bytes, **options: Any) -> services.Imported:
    at: datetime = options.pop("at", NOON)
    file = services.EligibilityFile(source=io.BytesIO(data), name="eligibles.csv")
    return services.import_file(file=file, at=at, **options)


def run_import_of(path: Path, **options: Any) -> services.Imported:
    with path.open("rb") as source:
        return services.import_file(file=services.EligibilityFile(source=source, name=path.name), at=NOON, **options)


def counts(imported: services.Imported) -> tuple[int, int, int, int, int]:
    """Read, accepted, unchanged, refused, ignored."""
    return imported.read, imported.accepted, imported.unchanged, imported.refused, imported.ignored


def report_of(data: bytes, **options: Any) -> list[tuple[str, str, str]]:
    """Line, field and code of each finding."""
    handle = io.StringIO()
    run_import(data, report=handle, **options)
    return [tuple(cells[:3]) for cells in cells_of(handle.getvalue())]


def cells_of(report: str) -> list[list[str]]:
    """The lines of a report below its titles."""
    return list(csv.reader(io.StringIO(report), delimiter=";"))[1:]
