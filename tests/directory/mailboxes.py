"""The extract of mailboxes for tests, in the published shape: 31 columns, `|`."""

from __future__ import annotations

import io
from typing import Any

from apps.directory import registers
from apps.directory.models import Mailbox
from apps.directory.services import Extract, Imported
from tests.directory.extracts import LEFORT
from tests.harness.clock import NOON

HEADER = (
    "Type de BAL|Adresse BAL|Type Identifiant PP|Identifiant PP|Identification nationale PP|Type identifiant structure|"
    "Identification Structure|Service de rattachement|Civilité d'exercice|Nom d'exercice|Prénom d'exercice|"
    "Catégorie profession|Libellé de catégorie profession|Code Profession|Libellé Profession|Code savoir-faire|"
    "Libellé savoir-faire|Dématérialisation|Raison Sociale structure BAL|Enseigne commerciale structure BAL|"
    "L2COMPLEMENTLOCALISATION|L3COMPLEMENTDISTRIBUTION|L4NUMEROVOIE|L4COMPLEMENTNUMEROVOIE|NL4TYPEVOIE|L4LIBELLEVOIE|"
    "L5LIEUDITMENTION|L6LIGNEACHEMINEMENT|Code postal|Département|Pays"
)
_TITLES = HEADER.split("|")
PHARMACY_FINESS, OTHER_FINESS = "440000016", "440000024"
DOCTOR = {
    "Type de BAL": "PER", "Adresse BAL": "anne.lefort@pro.mssante.example", "Type Identifiant PP": "8",
    "Identifiant PP": LEFORT, "Identification nationale PP": f"8{LEFORT}", "Civilité d'exercice": "DR",
    "Nom d'exercice": "LEFORT", "Prénom d'exercice": "ANNE", "Code Profession": "10", "Libellé Profession": "Médecin",
}  # fmt: skip
PHARMACY = {
    "Type de BAL": "ORG", "Adresse BAL": "pharmacie.halles@pro.mssante.example",
    "Identification Structure": f"F{PHARMACY_FINESS}", "Raison Sociale structure BAL": "PHARMACIE DES HALLES",
    "L6LIGNEACHEMINEMENT": "44000 NANTES", "Code postal": "44000",
}  # fmt: skip


def mailbox_line(base: dict[str, str], **by_place: str) -> str:
    """One line; `by_place` by short names: kind, address, person, structure, name, sign, town, code, family, given."""
    places = {
        "kind": "Type de BAL", "address": "Adresse BAL", "person": "Identification nationale PP",
        "structure": "Identification Structure", "name": "Raison Sociale structure BAL",
        "sign": "Enseigne commerciale structure BAL", "town": "L6LIGNEACHEMINEMENT", "code": "Code postal",
        "family": "Nom d'exercice", "given": "Prénom d'exercice", "title": "Civilité d'exercice",
        "service": "Service de rattachement",
    }  # fmt: skip
    values = base | {places[short]: value for short, value in by_place.items()}
    return "|".join(values.get(title, "") for title in _TITLES)


def bring_mailboxes(*lines: str, **options: Any) -> Imported:
    """Import an extract of these lines."""
    data = "".join(f"{line}\n" for line in (HEADER, *lines)).encode()
    name = options.pop("name", "Extraction_Correspondance_MSSante_202611240300.txt")
    at = options.pop("at", NOON)
    return registers.import_extract(extract=Extract(source=io.BytesIO(data), name=name), at=at, **options)


def listed_box(address: str, **values: Any) -> Mailbox:
    """A box of the directory; a professional's by default."""
    defaults = {"box_type": "PER", "national_id": f"8{LEFORT}", "name": "Dr Anne Lefort", "seen_on": NOON.date()}
    return Mailbox.objects.create(address=address, **(defaults | values))
