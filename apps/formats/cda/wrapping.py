"""A file that people add becomes a document: a level-1 CDA around its bytes (DMP-56).

Its author and its authenticator are the patient, place and setting the patient's own (DMP-25, EXP_PATIENT).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import date, datetime

from lxml import etree

from apps.formats.cda.metadata import EXPRESSION_OF_PATIENT
from apps.formats.cda.nomenclature import document_types

_HL7 = "urn:hl7-org:v3"
_LEVEL_ONE = ("1.2.250.1.213.1.1.1.1",)  # what every French document follows
_FACILITIES = "1.2.250.1.71.4.2.4"  # TRE_R02
_SETTINGS = "1.2.250.1.213.1.1.4.9"  # TRE_A01
_GENDERS = {"F": "F", "M": "M", "I": "UN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose document it is: number with its authority, and the traits of the INS."""

    authority: str
    number: str = field(repr=False)
    family: str = field(repr=False)
    given_names: str = field(repr=False)
    first_given: str = field(repr=False)
    sex: str = field(repr=False)
    born: str = field(repr=False)  # `1952-06-14`, `00` for what is unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """What stands in the document. `dated` is the day that people gave, `written_at` the hour of adding."""

    unique_id: str
    type_code: str
    title: str = field(repr=False)
    dated: date
    written_at: datetime
    media_type: str
    content: bytes = field(repr=False)
    person: Person


def write_level_one(document: Wrapped) -> bytes:
    """The document as bytes, the same for the same value. Raises `KeyError` for a type that no list has."""
    kind = document_types()[document.type_code]
    root = etree.Element(f"{{{_HL7}}}ClinicalDocument", nsmap={None: _HL7})  # type: ignore[dict-item]  # lxml-stubs know no default namespace
    _add(root, "realmCode", code="FR")
    _add(root, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    for template in _LEVEL_ONE:
        _add(root, "templateId", root=template)
    _add(root, "id", root=document.unique_id)
    _add(root, "code", code=kind.code, codeSystem=kind.system, displayName=kind.label)
    _add(root, "title", text=document.title)
    _add(root, "effectiveTime", value=_time(document.written_at))
    _add(root, "confidentialityCode", code="N", codeSystem="2.16.840.1.113883.5.25")
    _add(root, "languageCode", code="fr-FR")
    _add(root, "setId", root=document.unique_id)
    _add(root, "versionNumber", value="1")
    _patient(root, document.person)
    _authors(root, document)
    _act(root, document)
    body = _add(_add(root, "component"), "nonXMLBody")
    payload = base64.b64encode(document.content).decode("ascii")
    _add(body, "text", text=payload, mediaType=document.media_type, representation="B64")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _patient(root: etree._Element, person: Person) -> None:
    role = _add(_add(root, "recordTarget"), "patientRole")
    _add(role, "id", root=person.authority, extension=person.number)
    patient = _add(role, "patient")
    name = _add(patient, "name")
    _add(name, "family", text=person.family, qualifier="BR")
    _add(name, "given", text=person.given_names)
    _add(name, "given", text=person.first_given, qualifier="BR")
    sex = _GENDERS[person.sex]
    _add(patient, "administrativeGenderCode", code=sex, codeSystem="2.16.840.1.113883.5.1")
    _add(patient, "birthTime", value="".join(part for part in person.born.split("-") if part != "00"))


def _authors(root: etree._Element, document: Wrapped) -> None:
    for outer, inner, signed in (
        ("author", "assignedAuthor", False),
        ("legalAuthenticator", "assignedEntity", True),
    ):
        if signed:
            _custodian(root)
        element = _add(root, outer)
        _add(element, "time", value=_time(document.written_at))
        if signed:
            _add(element, "signatureCode", code="S")
        _writer(_add(element, inner), document.person)


def _writer(element: etree._Element, person: Person) -> None:
    _add(element, "id", root=person.authority, extension=person.number)
    name = _add(_add(element, "assignedPerson"), "name")
    _add(name, "family", text=person.family)
    _add(name, "given", text=person.first_given)


def _custodian(root: etree._Element) -> None:
    custodian = _add(_add(_add(root, "custodian"), "assignedCustodian"), "representedCustodianOrganization")
    _add(custodian, "id", nullFlavor="NI")


def _act(root: etree._Element, document: Wrapped) -> None:
    """The day of the document as its act, and where a patient's own documents come from (DMP-18, DMP-19)."""
    event = _add(_add(root, "documentationOf"), "serviceEvent")
    _add(_add(event, "effectiveTime"), "low", value=f"{document.dated:%Y%m%d}")
    performer = _add(_add(event, "performer", typeCode="PRF"), "assignedEntity")
    _add(performer, "id", root=document.person.authority, extension=document.person.number)
    organisation = _add(performer, "representedOrganization")
    _add(organisation, "name", text="Expression personnelle du patient")
    _add(organisation, "standardIndustryClassCode", code=EXPRESSION_OF_PATIENT, codeSystem=_SETTINGS)
    encounter = _add(_add(root, "componentOf"), "encompassingEncounter")
    _add(_add(encounter, "effectiveTime"), "low", value=f"{document.dated:%Y%m%d}")
    facility = _add(_add(encounter, "location"), "healthCareFacility")
    _add(facility, "code", code=EXPRESSION_OF_PATIENT, codeSystem=_FACILITIES)


def _time(value: datetime) -> str:
    return f"{value:%Y%m%d%H%M%S%z}"


def _add(parent: etree._Element, name: str, *, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_HL7}}}{name}", attributes)
    element.text = text
    return element
