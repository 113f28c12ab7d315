"""From header elements to people, devices and organisations."""

from __future__ import annotations

from lxml import etree

from apps.formats.cda.nodes import attribute, child, children, is_null, label_of, local_name
from apps.formats.cda.people import (
    Author,
    Device,
    NamePart,
    NamePartKind,
    Organisation,
    Participant,
    Party,
    Patient,
    PersonName,
)
from apps.formats.cda.read_values import read_code, read_identifiers, read_time

_KINDS: dict[str, NamePartKind] = {"family": "family", "given": "given", "prefix": "prefix", "suffix": "suffix"}
_PERSONS = ("assignedPerson", "associatedPerson", "relatedPerson", "informationRecipient", "guardianPerson")
_ORGANISATIONS = ("representedOrganization", "scopingOrganization", "receivedOrganization")


def read_name(person: etree._Element | None) -> PersonName | None:
    """The first `name` with any content; plain text in it becomes one part."""
    for element in children(person, "name"):
        parts = tuple(_parts(element)) if not is_null(element) else ()
        if parts:
            return PersonName(parts=parts)
    return None


def _parts(name: etree._Element) -> list[NamePart]:
    parts = []
    for element in name:
        kind = _KINDS.get(local_name(element))
        text = None if is_null(element) else label_of(element)
        if kind and text:
            qualifiers = frozenset((attribute(element, "qualifier") or "").split())
            parts.append(NamePart(kind=kind, text=text, qualifiers=qualifiers))
    if not parts and (text := label_of(name)):
        parts.append(NamePart(kind="text", text=text))
    return parts


def read_organisation(element: etree._Element | None) -> Organisation | None:
    """An organisation, or None when it has neither name nor identifier."""
    if element is None:
        return None
    name = label_of(child(element, "name"))
    identifiers = read_identifiers(element)
    if name is None and not identifiers:
        return None
    setting = read_code(child(element, "standardIndustryClassCode"))
    return Organisation(identifiers=identifiers, name=name, setting=setting)


def read_party(entity: etree._Element | None) -> Party:
    """An assignedEntity, assignedAuthor, associatedEntity or relatedEntity."""
    person = next((found for name in _PERSONS if (found := child(entity, name)) is not None), None)
    organisation = next((found for name in _ORGANISATIONS if (found := child(entity, name)) is not None), None)
    return Party(
        identifiers=read_identifiers(entity),
        code=read_code(child(entity, "code")),
        name=read_name(person),
        organisation=read_organisation(organisation),
    )


def read_author(element: etree._Element) -> Author:
    """An `author`: person, device or both (DMP-24)."""
    assigned = child(element, "assignedAuthor")
    device = child(assigned, "assignedAuthoringDevice")
    return Author(
        at=read_time(child(element, "time")),
        function=read_code(child(element, "functionCode")),
        party=read_party(assigned),
        device=None if device is None else _device(device),
    )


def _device(element: etree._Element) -> Device:
    software = label_of(child(element, "softwareName"))
    model = label_of(child(element, "manufacturerModelName"))
    return Device(software=software, model=None if model == "." else model)  # "." fills a mandatory element in samples


def read_participant(element: etree._Element) -> Participant:
    """`participant` (kind = typeCode) or `informant` (kind = classCode of the related entity, DMP-81)."""
    entity = next(
        (
            found
            for name in ("associatedEntity", "relatedEntity", "assignedEntity")
            if (found := child(element, name)) is not None
        ),
        None,
    )
    kind = attribute(element, "typeCode") if local_name(element) == "participant" else attribute(entity, "classCode")
    return Participant(
        kind=kind,
        function=read_code(child(element, "functionCode")) or read_code(child(entity, "code")),
        period_end=read_time(child(element, "time")),
        party=read_party(entity),
    )


def read_patient(record_target: etree._Element) -> Patient:
    """The person of a `recordTarget` (DMP-82, DMP-84)."""
    role = child(record_target, "patientRole")
    person = child(role, "patient")
    return Patient(
        identifiers=read_identifiers(role),
        name=read_name(person),
        sex=read_code(child(person, "administrativeGenderCode")),
        born=read_time(child(person, "birthTime")),
    )
