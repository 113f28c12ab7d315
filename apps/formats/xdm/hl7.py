"""HL7 v2 data types inside metadata: CX (patient), XCN (person), XON (organisation), PID (traits), coded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from apps.common.dates import PartialDate
from apps.formats.cda.times import CdaTime, CdaTimeError
from apps.formats.cda.values import CodedValue
from apps.formats.xdm.model import EntryOrganisation, EntryPerson, PatientNumber, PatientTraits

_ESCAPES = {"\\": "\\E\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "|": "\\F\\"}
_ESCAPED = {written: char for char, written in _ESCAPES.items()}
_WRITTEN = re.compile(r"\\[ESTRF]\\")


def read_cx(text: str | None) -> PatientNumber | None:
    """`279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH`."""
    parts = _parts(text, 4)
    number, authority = parts[0], _authority(parts[3])
    return PatientNumber(number=number, authority=authority) if number and authority else None


def write_cx(patient: PatientNumber) -> str:
    """The same, with the type of a national number."""
    return f"{_escape(patient.number)}^^^&{_escape(patient.authority)}&ISO^{'NH' if patient.is_ins else 'PI'}"


def read_xcn(text: str | None) -> EntryPerson | None:
    """`801234560801^BIDEAULT^Jacques^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS`; a bare text is a family name."""
    if text and "^" not in text:
        return EntryPerson(number=None, family=_unescape(text), given=None, authority=None)
    parts = _parts(text, 13)
    number, family, given = parts[:3]
    if not (number or family or given):
        return None
    return EntryPerson(
        number=number,
        family=family,
        given=given,
        authority=_authority(parts[8]),
        name_type=parts[9],
        id_type=parts[12],
    )


def write_xcn(person: EntryPerson) -> str:
    """The same; a device has its software where a person has the given name (DMP-22)."""
    start = (person.number, person.family, person.given)
    parts = [*map(_escape, start), *[""] * 5, _assigner(person.authority)]
    return "^".join([*parts, _escape(person.name_type), "", "", _escape(person.id_type)])


def read_xon(text: str | None) -> EntryOrganisation | None:
    """`Laboratoire^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1750803447`."""
    parts = _parts(text, 10)
    if not (parts[0] or parts[9]):
        return None
    return EntryOrganisation(name=parts[0], number=parts[9], authority=_authority(parts[5]), id_type=parts[6])


def write_xon(organisation: EntryOrganisation) -> str:
    """The same."""
    assigner = _assigner(organisation.authority)
    parts = [_escape(organisation.name), "", "", "", "", assigner, _escape(organisation.id_type), "", ""]
    return "^".join([*parts, _escape(organisation.number)])


def read_coded_text(text: str | None) -> CodedValue | None:
    """`G15_10/SM44^Radio-diagnostic^1.2.250.1.213.1.1.4.5`, or words alone (DMP-22)."""
    if text and "^" not in text:
        return CodedValue(code=None, system=None, display=_unescape(text))
    code, display, system = _parts(text, 3)[:3]
    return CodedValue(code=code, system=system, display=display) if code or display else None


def write_coded_text(value: CodedValue) -> str:
    """The same."""
    if value.code is None and value.system is None:
        return _escape(value.display)
    return "^".join(map(_escape, (value.code, value.display, value.system)))


def read_traits(lines: Iterable[str]) -> PatientTraits | None:
    """`PID-5|FAMILY^GIVEN^^^^^L`, `PID-7|19790328`, `PID-8|F`; the first legal name, else the first one (DMP-83)."""
    fields: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition("|")
        fields.setdefault(name.strip().upper(), []).extend(value.split("~"))
    names = [_parts(item, 7) for item in fields.get("PID-5", [""])]
    legal = next((parts for parts in names if parts[6] == "L"), names[0])
    traits = PatientTraits(
        family=legal[0],
        given=legal[1],
        born=_date(fields.get("PID-7", [""])[0]),
        sex=_unescape(fields.get("PID-8", [""])[0]),
    )
    return traits if any((traits.family, traits.given, traits.born, traits.sex)) else None


def write_traits(traits: PatientTraits) -> Sequence[str]:
    """The same."""
    born = "" if traits.born is None else traits.born.iso().replace("-", "")
    name = f"{_escape(traits.family)}^{_escape(traits.given)}^^^^^L"
    fields = [("PID-5", name if traits.family or traits.given else ""), ("PID-7", born)]
    return [f"{key}|{value}" for key, value in (*fields, ("PID-8", _escape(traits.sex))) if value]


def _date(text: str) -> PartialDate | None:
    try:
        return CdaTime.parse(text).date
    except CdaTimeError:
        return None


def _parts(text: str | None, least: int) -> list[str | None]:
    parts: list[str | None] = [part if "&" in part else _unescape(part) for part in (text or "").split("^")]
    return parts + [None] * (least - len(parts))


def _authority(part: str | None) -> str | None:
    """The OID of `&OID&ISO`."""
    pieces = (part or "").split("&")
    return _unescape(pieces[1]) if len(pieces) > 1 else None


def _assigner(authority: str | None) -> str:
    return f"&{_escape(authority)}&ISO" if authority else ""


def _escape(text: str | None) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text or "")


def _unescape(text: str) -> str | None:
    return _WRITTEN.sub(lambda match: _ESCAPED[match[0]], text).strip() or None
