"""Bytes of a CDA R2 document in, values out: strict on what would mislead, tolerant on the rest (DMP-80..91)."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from lxml import etree

from apps.formats.cda import read_header as header
from apps.formats.cda.checks import Facts, warnings_of
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.nodes import HL7, attribute, child, children, label_of, local_name, tag
from apps.formats.cda.people import Patient
from apps.formats.cda.read_body import Body, read_body
from apps.formats.cda.read_people import read_author, read_organisation, read_participant, read_patient
from apps.formats.cda.read_values import read_code, read_identifier, read_time
from apps.formats.errors import UnreadableInputError
from apps.formats.xml import parse_untrusted_xml

_STYLESHEETS = frozenset({"stylesheet", "transform"})
_XSLT = "http://www.w3.org/1999/XSL/Transform"
_ROOT = "ClinicalDocument"


class DocumentErrorCode(StrEnum):
    WRONG_ROOT = "wrong-root"
    WRONG_NAMESPACE = "wrong-namespace"
    SEVERAL_DOCUMENTS = "several-documents"
    SEVERAL_PATIENTS = "several-patients"


class UnreadableDocumentError(UnreadableInputError):
    """Well-formed XML that is no CDA document of one person; `code` is a `DocumentErrorCode`."""


def read_cda(data: bytes) -> CdaDocument:
    """Read the bytes of one CDA R2 document.

    Raises `UnreadableXmlError` (bytes), `UnreadableDocumentError` (not a CDA document, or two different patients);
    both are `UnreadableInputError`. Everything else that is missing or wrong is in `CdaDocument.warnings`.
    """
    element = _clinical_document(parse_untrusted_xml(data))
    patients = [read_patient(target) for target in children(element, "recordTarget")]
    body = read_body(element)
    document = _document(element, patient=_only(patients), body=body)
    facts = Facts(
        patients=len(patients),
        date_written=attribute(child(element, "effectiveTime"), "value") is not None,
        birth_written=header.birth_is_written(element),
        dangling=bool(body.dangling),
    )
    return replace(document, warnings=warnings_of(document, facts))


def _document(element: etree._Element, *, patient: Patient | None, body: Body) -> CdaDocument:
    unique_id = read_identifier(child(element, "id"))
    set_id = read_identifier(child(element, "setId"))
    custodian = child(element, "custodian", "assignedCustodian", "representedCustodianOrganization")
    validations = header.read_validations(element, "legalAuthenticator")
    return CdaDocument(
        realm=attribute(child(element, "realmCode"), "code"),
        template_ids=header.read_templates(element),
        unique_id=None if unique_id is None else unique_id.text,
        set_id=None if set_id is None else set_id.text,
        version_number=header.read_version(element),
        replaces=header.read_replaced(element),
        code=read_code(child(element, "code")),
        title=label_of(child(element, "title")),
        effective_time=read_time(child(element, "effectiveTime")),
        confidentiality=read_code(child(element, "confidentialityCode")),
        language=attribute(child(element, "languageCode"), "code"),
        patient=patient,
        authors=tuple(read_author(author) for author in children(element, "author")),
        custodian=read_organisation(custodian),
        legal_authenticator=validations[0] if validations else None,
        authenticators=header.read_validations(element, "authenticator"),
        informants=tuple(read_participant(item) for item in children(element, "informant")),
        participants=tuple(read_participant(item) for item in children(element, "participant")),
        orders=header.read_orders(element),
        service_events=header.read_service_events(element),
        encounter=header.read_encounter(element),
        payload=body.payload,
        sections=body.sections,
        attachments=body.attachments,
        warnings=(),
    )


def _clinical_document(root: etree._Element) -> etree._Element:
    """The ClinicalDocument: the root itself, or the one inside a self-presenting style sheet (DMP-88)."""
    if root.tag == tag(_ROOT):
        return root
    name = etree.QName(root)
    if name.namespace == _XSLT and name.localname in _STYLESHEETS:
        inside = list(root.iter(tag(_ROOT)))
        if len(inside) > 1:
            raise UnreadableDocumentError(DocumentErrorCode.SEVERAL_DOCUMENTS, str(len(inside)))
        if inside:
            return inside[0]
    code = DocumentErrorCode.WRONG_NAMESPACE if local_name(root) == _ROOT else DocumentErrorCode.WRONG_ROOT
    raise UnreadableDocumentError(code, f"{name.text}, expected {{{HL7}}}{_ROOT}")


def _only(patients: list[Patient]) -> Patient | None:
    if not patients:
        return None
    first = patients[0]
    if any(not header.is_same_patient(first, other) for other in patients[1:]):
        raise UnreadableDocumentError(DocumentErrorCode.SEVERAL_PATIENTS, str(len(patients)))
    return first
