"""Writes the boxes of the simulated operator in the public shape of the extract of mailboxes (MSS-06)."""

from __future__ import annotations

from pathlib import Path

from apps.journeys.demonstration.cast import DATA
from apps.journeys.demonstration.professionals import exercise_name, professional, structures
from apps.journeys.demonstration.trust_file import DOMAIN

FILE_NAME = "Extraction_Correspondance_MSSante.txt"
_SEPARATOR = "|"
_PEOPLE = {
    "lefort": "anne.lefort",
    "benali": "karim.benali",
    "perrin": "hugo.perrin",
    "payet": "sophie.payet",
    "dutertre": "pascal.dutertre",
}
# The public extract holds no boxes of software; this one does, so that such a sender can be seen.
_PLACES = {
    "rives": ("ORG", "laboratoire.rives"),
    "halles": ("ORG", "pharmacie.halles"),
    "val": ("APP", "resultats.val"),
}


def columns() -> tuple[str, ...]:
    """The 31 titles of the extract, in its order."""
    return tuple((DATA / "mssante_columns.txt").read_text(encoding="utf-8").splitlines())


def write_mailboxes(*, path: Path) -> int:
    """Write one line a box: UTF-8, `|` between fields, no quotes. Returns the lines below the titles."""
    titles = columns()
    boxes = [_person(key, local) for key, local in _PEOPLE.items()]
    boxes += [_place(key, kind, local) for key, (kind, local) in _PLACES.items()]
    lines = [titles, *(tuple(box.get(title, "") for title in titles) for box in boxes)]
    path.write_text("".join(_SEPARATOR.join(line) + "\n" for line in lines), encoding="utf-8", newline="\n")
    return len(boxes)


def _person(key: str, local: str) -> dict[str, str]:
    one = professional(key)
    family, given = exercise_name(one)
    return {
        "Type de BAL": "PER",
        "Adresse BAL": f"{local}@{DOMAIN}",
        "Type Identifiant PP": "8",
        "Identifiant PP": one.rpps,
        "Identification nationale PP": one.national_id,
        "Civilité d'exercice": one.profession.title,
        "Nom d'exercice": family,
        "Prénom d'exercice": given,
        "Code Profession": one.profession.code,
        "Libellé Profession": one.profession.label,
    }


def _place(key: str, kind: str, local: str) -> dict[str, str]:
    place = structures()[key]
    return {
        "Type de BAL": kind,
        "Adresse BAL": f"{local}@{DOMAIN}",
        "Identification Structure": place.national_id,
        "Raison Sociale structure BAL": place.name,
        "L6LIGNEACHEMINEMENT": f"{place.commune.post_code} {place.commune.name}",
        "Code postal": place.commune.post_code,
        "Département": place.commune.department,
    }
