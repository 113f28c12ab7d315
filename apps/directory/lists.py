"""Reads the other extracts: diplomas and authorisations, skills (RPPS), establishments and legal entities (FINESS).

That of the mailboxes of MSSanté is known here and read by `mailbox_list`.

RPPS lists have titles and `|`; FINESS lists have neither titles nor quotes: the first field names the kind of a line.
Shapes: docs/domain/roll-out.md, "Directory".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from apps.directory.extract import ExtractFault, TitlesMissingError
from apps.directory.finess import is_valid_finess
from apps.directory.rpps import is_valid_rpps

_known_rpps = lru_cache(maxsize=4096)(is_valid_rpps)
_FINESS_FILE = "finess;etalab;"


class ListKind(StrEnum):
    """Which list a file is."""

    DIPLOMAS = "diplomas"
    SKILLS = "skills"
    ESTABLISHMENTS = "establishments"
    ENTITIES = "entities"
    MAILBOXES = "mailboxes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where the rows of a list go: `key` of `columns` says which row it is, `longest` the widths (labels are cut)."""

    name: str
    columns: tuple[str, ...]
    longest: tuple[int, ...]
    key: tuple[str, ...]


Row = tuple[str, ...]
Reader = Callable[[str], list[Row] | ExtractFault]

QUALIFICATIONS = Table(
    name="directory_qualification",
    columns=("national_id", "kind", "type_code", "code", "label"),
    longest=(12, 16, 8, 16, 200),
    key=("national_id", "kind", "type_code", "code"),
)
ESTABLISHMENTS = Table(
    name="directory_establishment",
    columns=("finess", "entity_finess", "name", "siret", "category_code", "category_label", "department", "town"),
    longest=(9, 9, 200, 14, 8, 160, 3, 100),
    key=("finess",),
)
ENTITIES = Table(
    name="directory_legalentity",
    columns=("finess", "name", "siren", "status_code", "status_label", "department", "town"),
    longest=(9, 200, 9, 8, 160, 3, 100),
    key=("finess",),
)
MAILBOXES = Table(
    name="directory_mailbox",
    columns=("address", "box_type", "national_id", "name", "service", "finess", "post_code", "town"),
    longest=(320, 3, 64, 200, 200, 9, 10, 100),
    key=("address",),
)
TABLES = {
    ListKind.DIPLOMAS: QUALIFICATIONS,
    ListKind.SKILLS: QUALIFICATIONS,
    ListKind.ESTABLISHMENTS: ESTABLISHMENTS,
    ListKind.ENTITIES: ENTITIES,
    ListKind.MAILBOXES: MAILBOXES,
}
# Which rows of a table a full list speaks of: what is missing in it, among these only, is gone.
QUALIFICATION_KINDS = {ListKind.DIPLOMAS: ("diploma", "authorisation"), ListKind.SKILLS: ("skill",)}

_PERSON = ("Type d'identifiant PP", "Identifiant PP", "Identification nationale PP")
_DIPLOMA = ("Code type diplôme obtenu", "Code diplôme obtenu", "Libellé diplôme obtenu")
_AUTHORISATION = ("Code type autorisation", "Code discipline autorisation", "Libellé discipline autorisation")
_AUTHORISATION_TYPE = "Libellé type autorisation"
_SKILL = ("Code type savoir-faire", "Code savoir-faire", "Libellé savoir-faire")
_ONLY_ACTIVITIES = "Identifiant technique de la structure"
_ONLY_MAILBOXES = "Adresse BAL"


def kind_of(header: str) -> ListKind | None:
    """Which list begins with this line; None for the extract of activities and for anything else."""
    if header.startswith(_FINESS_FILE):
        return None  # said by the first object, see `kind_of_object`
    titles = titles_of(header)
    if _ONLY_ACTIVITIES in titles:
        return None
    if _ONLY_MAILBOXES in titles:
        return ListKind.MAILBOXES
    if _DIPLOMA[1] in titles:
        return ListKind.DIPLOMAS
    return ListKind.SKILLS if _SKILL[1] in titles else None


def is_finess(header: str) -> bool:
    """Whether the first line is that of a FINESS list."""
    return header.startswith(_FINESS_FILE)


def kind_of_object(line: str) -> ListKind | None:
    """Which FINESS list has such a line."""
    match line.partition(";")[0]:
        case "structureet":
            return ListKind.ESTABLISHMENTS
        case "structureej":
            return ListKind.ENTITIES
        case _:
            return None


def date_of(header: str) -> str:
    """Date of a FINESS list as it stands in its first line, ISO; empty when there is none."""
    parts = header.split(";")
    return parts[3].strip() if len(parts) > len(("finess", "etalab", "code")) else ""


def rpps_reader(kind: ListKind, header: str) -> Reader:
    """A function from a line to its rows. Raises `TitlesMissingError`."""
    titles = titles_of(header)
    wanted = {
        ListKind.DIPLOMAS: (*_PERSON, *_DIPLOMA, *_AUTHORISATION, _AUTHORISATION_TYPE),
        ListKind.SKILLS: (*_PERSON, *_SKILL),
    }[kind]
    missing = tuple(title for title in wanted if title not in titles)
    if missing:
        raise TitlesMissingError(missing)
    places = {title: titles.index(title) for title in wanted}
    width = len(titles)

    def read(line: str) -> list[Row] | ExtractFault:
        if not line.isprintable():
            return ExtractFault.CHARACTER
        parts = [part.strip() for part in line.removesuffix("|").split("|")]
        if len(parts) != width:
            return ExtractFault.COLUMNS
        id_type, number, national_id = (parts[places[title]] for title in _PERSON)
        if national_id != id_type + number or (id_type == "8" and not _known_rpps(number)):
            return ExtractFault.NUMBER
        rows = _qualifications(kind, national_id, {title: parts[place] for title, place in places.items()})
        return rows or ExtractFault.MISSING

    return read


def _qualifications(kind: ListKind, national_id: str, values: dict[str, str]) -> list[Row]:
    if kind is ListKind.SKILLS:
        return rows_of(QUALIFICATIONS, [(national_id, "skill", *(values[title] for title in _SKILL))], needed=3)
    type_code, code, label = (values[title] for title in _AUTHORISATION)
    return rows_of(
        QUALIFICATIONS,
        [
            (national_id, "diploma", *(values[title] for title in _DIPLOMA)),
            (national_id, "authorisation", type_code, code or type_code, label or values[_AUTHORISATION_TYPE]),
        ],
        needed=3,
    )


def rows_of(table: Table, rows: Iterable[Row], *, needed: int) -> list[Row]:
    """Rows whose column `needed` is filled, cut to the widths of the table."""
    return [
        tuple(value[:longest] for value, longest in zip(row, table.longest, strict=True)) for row in rows if row[needed]
    ]


def read_establishment(line: str) -> list[Row] | ExtractFault:
    """One row of a line `structureet`; the places of the geolocated variant (`geolocalisation`) are left aside."""
    parts = _finess_parts(line, kind="structureet", width=32)
    if isinstance(parts, ExtractFault):
        return parts
    if not parts:
        return []
    # nofinesset, nofinessej, rs, rslongue; departement, ligneacheminement; categetab, libcategetab; siret
    number, entity, short, long = parts[1:5]
    row = (number, entity, long or short, parts[22], parts[18], parts[19], parts[13], town_of(parts[15]))
    return rows_of(ESTABLISHMENTS, [row], needed=2) or ExtractFault.MISSING


def read_entity(line: str) -> list[Row] | ExtractFault:
    """One row of a line `structureej`."""
    parts = _finess_parts(line, kind="structureej", width=23)
    if isinstance(parts, ExtractFault):
        return parts
    if not parts:
        return []
    # nofiness, rs, rslongue; ligneacheminement, departement; statutjuridique, libstatutjuridique; siren
    number, short, long = parts[1:4]
    row = (number, long or short, parts[20], parts[16], parts[17], parts[13], town_of(parts[12]))
    return rows_of(ENTITIES, [row], needed=1) or ExtractFault.MISSING


def _finess_parts(line: str, *, kind: str, width: int) -> list[str] | ExtractFault:
    """Fields of a line; an empty list for another kind of line."""
    if not line.isprintable():
        return ExtractFault.CHARACTER
    parts = [part.strip() for part in line.split(";")]
    if parts[0] != kind:
        return []
    if len(parts) != width:
        return ExtractFault.COLUMNS
    return parts if is_valid_finess(parts[1]) else ExtractFault.NUMBER


def town_of(delivery: str) -> str:
    """`34300 AGDE` without its post code."""
    code, _, town = delivery.partition(" ")
    return town.removesuffix(" CEDEX").strip() if code.isdecimal() else delivery


def titles_of(header: str) -> list[str]:
    """Titles of the columns of an extract with `|`."""
    return [title.strip().replace("’", "'") for title in header.removesuffix("|").split("|")]
