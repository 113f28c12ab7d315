"""Reads the extract `Extraction_Correspondance_MSSante`: one line a mailbox of MSSanté, columns by title (MSS-06)."""

from __future__ import annotations

from collections.abc import Mapping

from apps.directory.extract import ExtractFault, TitlesMissingError
from apps.directory.finess import is_valid_finess
from apps.directory.lists import MAILBOXES, Reader, Row, rows_of, titles_of, town_of
from apps.directory.rpps import is_valid_rpps
from apps.directory.trust_list import is_domain

TITLES = {
    "type": "Type de BAL",
    "address": "Adresse BAL",
    "person": "Identification nationale PP",
    "structure": "Identification Structure",
    "service": "Service de rattachement",
    "title": "Civilité d'exercice",
    "family_name": "Nom d'exercice",
    "given_name": "Prénom d'exercice",
    "organisation": "Raison Sociale structure BAL",
    "sign": "Enseigne commerciale structure BAL",
    "delivery": "L6LIGNEACHEMINEMENT",
    "post_code": "Code postal",
}
_PERSON = "PER"
_TYPES = frozenset({_PERSON, "ORG", "APP", "CAB"})
_DOCTORS = {"DR": "Dr", "DOCTEUR": "Dr", "PR": "Pr", "PROFESSEUR": "Pr"}
_NAME = 3  # place of the name in a row
_RPPS, _FINESS, _SIRET, _TECHNICAL = "8", "1", "3", "F"  # first character of an identifier
_FINESS_LENGTH, _SIRET_LENGTH, _LONGEST_LOCAL = 9, 14, 64


def mailbox_reader(header: str) -> Reader:
    """A function from a line to its row. Raises `TitlesMissingError`."""
    titles = titles_of(header)
    missing = tuple(title for title in TITLES.values() if title not in titles)
    if missing:
        raise TitlesMissingError(missing)
    places = {field: titles.index(title) for field, title in TITLES.items()}
    width = len(titles)

    def read(line: str) -> list[Row] | ExtractFault:
        if not line.isprintable():
            return ExtractFault.CHARACTER
        parts = [part.strip() for part in line.split("|")]
        if len(parts) == width + 1 and not parts[-1]:  # a separator at the end; the last column may be empty as well
            parts.pop()
        if len(parts) != width:
            return ExtractFault.COLUMNS
        return _row({field: parts[place] for field, place in places.items()})

    return read


def _row(values: Mapping[str, str]) -> list[Row] | ExtractFault:
    box_type, address = values["type"].upper(), values["address"].lower()
    if not _is_address(address):
        return ExtractFault.ADDRESS
    if box_type not in _TYPES:
        return ExtractFault.MISSING
    is_person = box_type == _PERSON
    national_id = values["person"] if is_person else structure_id(values["structure"])
    if is_person and national_id.startswith(_RPPS) and not is_valid_rpps(national_id[1:]):
        return ExtractFault.NUMBER
    name = _person(values) if is_person else values["organisation"] or values["sign"]
    finess = national_id[1:] if not is_person and _is_finess(national_id) else ""
    row = (
        address, box_type, national_id, name, values["service"], finess, values["post_code"],
        town_of(values["delivery"]),
    )  # fmt: skip
    return rows_of(MAILBOXES, [row], needed=_NAME) or ExtractFault.MISSING


def structure_id(written: str) -> str:
    """A type digit and the number, however it is written: `440000016`, `1440000016`, `F440000016` are one place."""
    number = written.removeprefix(_TECHNICAL)
    if is_valid_finess(number):
        return _FINESS + number
    if len(number) == _SIRET_LENGTH and number.isdecimal():
        return _SIRET + number
    return written


def _is_finess(national_id: str) -> bool:
    return national_id.startswith(_FINESS) and is_valid_finess(national_id[1:])


def _is_address(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    return 0 < len(local) <= _LONGEST_LOCAL and "@" not in local and " " not in local and is_domain(domain)


def _person(values: Mapping[str, str]) -> str:
    """`Dr Anne Lefort`, as `Professional.display_name` writes it."""
    family, given = values["family_name"].title(), values["given_name"].title()
    title = _DOCTORS.get(values["title"].upper(), "")
    return " ".join(part for part in (title, given, family) if part) if family else ""
