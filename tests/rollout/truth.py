"""Holds the findings of an import against the truth column of an invented population."""

from __future__ import annotations

from collections.abc import Mapping, Set

REFUSED = {"CLE", "LONGUEUR", "NOM_VIDE", "DATE", "LIEU", "SEXE"}
WARNED = {"COURRIEL", "CASSE"}
Found = Mapping[int, Set[tuple[str, str]]]


def faults_of(text: str, found: Found) -> list[str]:
    """What is missing or too much: an empty list is a perfect import.

    A double is a double of the first line of its number that was let in: the original may itself be a broken line.
    """
    header, *lines = text.splitlines()
    column = {title: place for place, title in enumerate(header.split(";"))}
    first: dict[str, list[str]] = {}
    wrong = []
    for number, line in enumerate(lines, 2):
        values = line.split(";")
        matricule, truth = values[column["matricule"]], values[column["verite"]]
        expected = _expected(values, column, first)
        got = {item for item in found.get(number, set()) if item[0] != "SANS_REPRESENTANT"}
        if got != expected:
            wrong.append(f"line {number} {truth}: expected {sorted(expected)}, found {sorted(got)}")
        if not any(severity == "refused" for _, severity in expected):
            first.setdefault(matricule, values)
    return wrong


def _expected(values: list[str], column: dict[str, int], first: Mapping[str, list[str]]) -> set[tuple[str, str]]:
    truth = values[column["verite"]]
    kind, _, detail = truth.partition(":")
    if kind == "DEFAUT" and detail in REFUSED:
        return {(detail, "refused")}
    expected = {(detail, "warned")} if kind == "DEFAUT" and detail in WARNED else set()
    original = first.get(values[column["matricule"]])
    if original is not None:
        expected.add((_double(values, original, column), "warned"))
    elif kind == "DOUBLON_NIA" and detail in first:
        expected.add(("DOUBLON_NIA", "warned"))
    return expected


def _double(values: list[str], original: list[str], column: dict[str, int]) -> str:
    address = ("adresse_voie", "adresse_complement", "code_postal", "commune", "code_commune", "departement")
    if any(values[column[title]] != original[column[title]] for title in address):
        return "DOUBLON_ADRESSE"
    truth = column["verite"]
    same = values[:truth] + values[truth + 1 :] == original[:truth] + original[truth + 1 :]
    return "DOUBLON_EXACT" if same else "DOUBLON_DONNEES"
