"""Extracts of the directory for tests: three activities of two professionals by default."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from apps.directory import services
from apps.directory.extract import TITLES
from tests.harness.clock import NOON

NEW_TITLES = ("Code rôle", "Libellé rôle", "Code genre activité", "Libellé genre activité")
OLD_TITLES = (*TITLES.values(), *(f"Autre colonne {number}" for number in range(36)))  # 52 in all
ALL_TITLES = (*OLD_TITLES, *NEW_TITLES)
# RPPS numbers with a right Luhn digit.
LEFORT, DURAND, KELLER = "10100000073", "10100000149", "10100000222"
DEFAULTS = {
    "id_type": "8", "number": LEFORT, "family_name": "LEFORT", "given_name": "ANNE", "title": "DR",
    "profession_code": "10", "profession_label": "Médecin", "specialty_label": "Médecine générale",
    "technical_id": "F440000016", "finess": "440000016", "organisation_name": "CLINIQUE DES LILAS",
    "sector_code": "SA01",
    "city": "Nantes", "mode_code": "S",
}  # fmt: skip
NURSE = {
    "number": DURAND, "family_name": "DURAND", "given_name": "PAUL", "title": "", "profession_code": "60",
    "profession_label": "Infirmier", "specialty_label": "", "technical_id": f"C{DURAND}", "finess": "",
    "organisation_name": "CABINET DURAND", "sector_code": "SA07", "mode_code": "L",
}  # fmt: skip


def line(titles: tuple[str, ...] = ALL_TITLES, **values: str) -> str:
    whole = {**DEFAULTS, **values}
    whole.setdefault("national_id", whole["id_type"] + whole["number"])
    by_title = {TITLES[field]: value for field, value in whole.items()}
    return "".join(f"{by_title.get(title, '')}|" for title in titles)


def content(*lines: str, titles: tuple[str, ...] = ALL_TITLES) -> bytes:
    header = "".join(f"{title}|" for title in titles)
    return "".join(f"{one}\n" for one in (header, *lines)).encode()


def run_import(data: bytes, **options: Any) -> services.Imported:
    at: datetime = options.pop("at", NOON)
    name = options.pop("name", "PS_LibreAcces_Personne_activite_202611240300.txt")
    return services.import_extract(extract=services.Extract(source=io.BytesIO(data), name=name), at=at, **options)


def counts(imported: services.Imported) -> tuple[int, int, int, int, int]:
    """Read, accepted, unchanged, refused, ignored."""
    return imported.read, imported.accepted, imported.unchanged, imported.refused, imported.ignored
