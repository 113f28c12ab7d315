"""Writes the professionals in the public shape of the RPPS extract `PS_LibreAcces_Personne_activite` (DIR-01)."""

from __future__ import annotations

from pathlib import Path

from apps.journeys.demonstration.cast import DATA
from apps.journeys.demonstration.professionals import DemoProfessional, Structure, exercise_name, professionals

FILE_NAME = "PS_LibreAcces_Personne_activite.txt"
_SEPARATOR = "|"
_CIVILITIES = {"M": "Monsieur", "MME": "Madame"}
_MODES = {"L": "Libéral", "S": "Salarié"}
_PHARMACIST = "21"


def columns() -> tuple[str, ...]:
    """The 56 titles of the extract, in its order."""
    return tuple((DATA / "ps_libreacces_columns.txt").read_text(encoding="utf-8").split("\n")[:56])


def write_directory(*, path: Path) -> int:
    """Write one line an activity: UTF-8, `|` after every field, no quotes. Returns the lines below the titles."""
    titles = columns()
    lines = [dict(zip(titles, titles, strict=True))]
    lines += [_person(one) | _activity(one, place) for one in professionals() for place in one.structures]
    text = "".join(_SEPARATOR.join(line.get(title, "") for title in titles) + _SEPARATOR + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")
    return len(lines) - 1


def _person(one: DemoProfessional) -> dict[str, str]:
    family, given = exercise_name(one)
    job = one.profession
    return {
        "Type d'identifiant PP": "8",
        "Identifiant PP": one.rpps,
        "Identification nationale PP": one.national_id,
        "Code civilité d'exercice": job.title,
        "Libellé civilité d'exercice": "Docteur" if job.title else "",
        "Code civilité": one.civility,
        "Libellé civilité": _CIVILITIES[one.civility],
        "Nom d'exercice": family,
        "Prénom d'exercice": given,
        "Code profession": job.code,
        "Libellé profession": job.label,
        "Code catégorie professionnelle": "C",
        "Libellé catégorie professionnelle": "Civil",
        "Code type savoir-faire": "S" if job.skill else "",
        "Libellé type savoir-faire": "Spécialité ordinale" if job.skill else "",
        "Code savoir-faire": job.skill,
        "Libellé savoir-faire": job.skill_label,
        "Autorité d'enregistrement": job.authority,
    }


def _activity(one: DemoProfessional, place: Structure) -> dict[str, str]:
    number, way_code, way, street = place.street
    commune, is_officine = place.commune, one.profession.code == _PHARMACIST
    return {
        "Code mode exercice": one.mode,
        "Libellé mode exercice": _MODES[one.mode],
        "Numéro SIRET site": place.siret,
        "Numéro SIREN site": place.siret[:9],
        "Numéro FINESS site": place.finess,
        "Identifiant technique de la structure": f"F{place.finess}" if place.finess else f"C{one.rpps}",
        "Raison sociale site": place.name,
        "Numéro Voie (coord. structure)": number,
        "Code type de voie (coord. structure)": way_code,
        "Libellé type de voie (coord. structure)": way,
        "Libellé Voie (coord. structure)": street,
        "Bureau cedex (coord. structure)": f"{commune.post_code} {commune.name}",
        "Code postal (coord. structure)": commune.post_code,
        "Code commune (coord. structure)": commune.code,
        "Libellé commune (coord. structure)": place.city,
        "Téléphone (coord. structure)": place.phone,
        "Code Département (structure)": commune.department,
        "Code secteur d'activité": place.sector,
        "Libellé secteur d'activité": place.sector_label,
        "Code section tableau pharmaciens": "A" if is_officine else "",
        "Libellé section tableau pharmaciens": "Officine titulaire" if is_officine else "",
        "Code genre activité": "GENR01",
        "Libellé genre activité": "Activité standard de soin ou de pharmacien",
    }
