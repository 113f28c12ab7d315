"""Parts of the CDA header that are neither people nor simple values (DMP-03, DMP-80, DMP-81)."""

from __future__ import annotations

from lxml import etree

from apps.common.text import fold
from apps.formats.cda.model import Encounter, ServiceEvent, Validation
from apps.formats.cda.nodes import attribute, child, children, label_of
from apps.formats.cda.people import Patient
from apps.formats.cda.read_people import read_party
from apps.formats.cda.read_values import read_code, read_identifier, read_identifiers, read_period, read_time

_MAX_DIGITS = 18


def read_templates(document: etree._Element) -> tuple[str, ...]:
    """OIDs of the models that the document claims to follow (DMP-80)."""
    roots = (attribute(template, "root") for template in children(document, "templateId"))
    return tuple(root for root in roots if root)


def read_version(document: etree._Element) -> int | None:
    """versionNumber, a whole number from 1 (DMP-03); None for anything else, and for more digits than `int` reads."""
    written = attribute(child(document, "versionNumber"), "value") or ""
    is_number = written.isascii() and written.isdigit() and len(written) <= _MAX_DIGITS
    return int(written) if is_number and int(written) > 0 else None


def read_replaced(document: etree._Element) -> tuple[str, ...]:
    """uniqueIds of the documents that this one replaces (RPLC, DMP-03)."""
    found = []
    for related in children(document, "relatedDocument"):
        if attribute(related, "typeCode") == "RPLC":
            identifier = read_identifier(child(related, "parentDocument", "id"))
            if identifier is not None:
                found.append(identifier.text)
    return tuple(found)


def read_orders(document: etree._Element) -> tuple[str, ...]:
    """Numbers of the prescriptions that the document answers."""
    orders = (child(item, "order") for item in children(document, "inFulfillmentOf"))
    return tuple(identifier.text for order in orders for identifier in read_identifiers(order))


def read_validations(document: etree._Element, name: str) -> tuple[Validation, ...]:
    """`legalAuthenticator` or `authenticator` elements (DMP-86)."""
    return tuple(
        Validation(at=read_time(child(element, "time")), party=read_party(child(element, "assignedEntity")))
        for element in children(document, name)
    )


def read_service_events(document: etree._Element) -> tuple[ServiceEvent, ...]:
    """The acts; the first is the principal one (DMP-81)."""
    events = (child(item, "serviceEvent") for item in children(document, "documentationOf"))
    return tuple(_service_event(event) for event in events if event is not None)


def _service_event(event: etree._Element) -> ServiceEvent:
    performer = child(event, "performer", "assignedEntity")
    return ServiceEvent(
        code=read_code(child(event, "code")),
        period=read_period(child(event, "effectiveTime")),
        performer=None if performer is None else read_party(performer),
    )


def read_encounter(document: etree._Element) -> Encounter | None:
    """The stay or visit, with the place of care (DMP-19)."""
    encounter = child(document, "componentOf", "encompassingEncounter")
    if encounter is None:
        return None
    facility = child(encounter, "location", "healthCareFacility")
    return Encounter(
        code=read_code(child(encounter, "code")),
        period=read_period(child(encounter, "effectiveTime")),
        facility=read_code(child(facility, "code")),
        place=label_of(child(facility, "location", "name"))
        or label_of(child(facility, "serviceProviderOrganization", "name")),
    )


def birth_is_written(document: etree._Element) -> bool:
    """Whether a birth time stands in the document, readable or not."""
    birth = child(document, "recordTarget", "patientRole", "patient", "birthTime")
    return attribute(birth, "value") is not None


def is_same_patient(one: Patient, other: Patient) -> bool:
    """Same identifiers (or none in one of them), same name, same birth date as written."""
    if one.identifiers and other.identifiers and not set(one.identifiers) & set(other.identifiers):
        return False
    if one.ins and other.ins and not set(one.ins) & set(other.ins):
        return False
    names = [fold(patient.name.display) if patient.name else "" for patient in (one, other)]
    births = [patient.born.written if patient.born else "" for patient in (one, other)]
    return names[0] == names[1] and births[0] == births[1]
