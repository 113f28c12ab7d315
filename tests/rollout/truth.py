"""Holds the findings of an import against the truth column of an invented population."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Set

REFUSED = {"CLE", "LONGUEUR", "NOM_VIDE", "DATE", "LIEU", "SEXE"}
WARNED = {"COURRIEL", "CASSE"}
DOUBLES = {"DOUBLON_EXACT", "DOUBLON_ADRESSE", "DOUBLON_NIA"}
LABELS = {f"DEFAUT:{kind}" for kind in REFUSED | WARNED} | DOUBLES | {"JUMEAU", "NIA", "DATE_LUNAIRE", "HOMONYME"}
Found = Mapping[int, Set[tuple[str, str]]]
Line = dict[str, str]
_ADDRESS = ("adresse_voie", "adresse_complement", "code_postal", "commune", "code_commune", "departement")
_TRAITS = ("nom_naissance", "prenoms_naissance", "premier_prenom", "sexe", "date_naissance", "lieu_naissance")


def faults_of(text: str, found: Found) -> list[str]:
    """What is missing or too much: an empty list is a perfect import.

    A double is a double of the first line of its number that was let in: the original may itself be a broken line.
    """
    header, *rows = text.splitlines()
    lines = [dict(zip(header.split(";"), row.split(";"), strict=True)) for row in rows]
    first: dict[str, Line] = {}
    expected = [_expected(line, first) for line in lines]
    wrong = []
    for number, (line, wanted) in enumerate(zip(lines, expected, strict=True), 2):
        everything = _refusal(line) if wanted is None else wanted | _nobody(line, first)
        got = found.get(number, set())
        if got != everything:
            wrong.append(f"line {number} {line['verite']}: expected {sorted(everything)}, found {sorted(got)}")
    return wrong


def labels_of(text: str) -> set[str]:
    """Kinds of labels in a population: `DEFAUT:CLE`, `DOUBLON_NIA`, `JUMEAU`."""
    truths = {line.rpartition(";")[2] for line in text.splitlines()[1:]}
    return {truth if truth.startswith("DEFAUT") else truth.partition(":")[0] for truth in truths} - {""}


def _refusal(line: Line) -> set[tuple[str, str]]:
    kind, _, detail = line["verite"].partition(":")
    return {(detail, "refused")} if kind == "DEFAUT" and detail in REFUSED else set()


def _expected(line: Line, first: dict[str, Line]) -> set[tuple[str, str]] | None:
    """Findings of a line that may come in, None for one that its own fault keeps out."""
    if _refusal(line):
        return None
    kind, _, detail = line["verite"].partition(":")
    expected = {(detail, "warned")} if kind == "DEFAUT" else set()
    original = first.setdefault(line["matricule"], line)
    if original is not line:
        expected.add(_double(line, original))
    elif kind == "DOUBLON_NIA" and detail in first:
        expected.add(("DOUBLON_NIA", "warned"))
    return expected


def _double(line: Line, original: Line) -> tuple[str, str]:
    """One whose original had its name spoiled is told as somebody else under the same number."""
    if any(_plain(line[title]) != _plain(original[title]) for title in _TRAITS):
        return "DOUBLON_TRAITS", "refused"
    if any(line[title] != original[title] for title in _ADDRESS):
        return "DOUBLON_ADRESSE", "warned"
    same = {**line, "verite": ""} == {**original, "verite": ""}
    return "DOUBLON_EXACT" if same else "DOUBLON_DONNEES", "warned"


def _nobody(line: Line, first: Mapping[str, Line]) -> set[tuple[str, str]]:
    """A minor none of whose representatives came in (S25); a repeated line says nothing new."""
    if line["situation"] != "MINEUR" or first[line["matricule"]] is not line:
        return set()
    known = any(line[title] in first for title in ("rl1_matricule", "rl2_matricule"))
    return set() if known else {("SANS_REPRESENTANT", "warned")}


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.upper())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
