"""From a CDA document to the metadata of its XDS DocumentEntry (DMP-01..26)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from apps.formats.cda.model import CdaDocument, ServiceEvent
from apps.formats.cda.nomenclature import (
    OTHER_DOCUMENTS,
    class_labels,
    document_type,
    format_of_media,
    format_of_templates,
)
from apps.formats.cda.people import Author, Organisation
from apps.formats.cda.times import CdaTime
from apps.formats.cda.values import CodedValue

CONFIDENTIALITIES = frozenset({"N", "R", "V"})  # HL7 Confidentiality, the only ones a CDA header carries (DMP-16)
EXPRESSION_OF_PATIENT = "EXP_PATIENT"  # facility and setting of what the holder writes (DMP-25)
_PATIENT_TYPES = ("DOCPAT", "EXPPAT_")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorSummary:
    """One author as XDS keeps him (DMP-22); numbers without their prefix digit (DMP-23)."""

    name: str | None
    number: str | None
    device: str | None
    institution: str | None
    institution_number: str | None
    role: CodedValue | None
    specialty: CodedValue | None
    is_patient: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class XdsMetadata:
    """DocumentEntry of one CDA. Times keep precision and offset (DMP-09); `hash_sha1` is hex over the bytes (DMP-28).

    `type_code` None means that the document gives no code; `type_label` is then its own words or None.
    """

    unique_id: str | None
    set_id: str | None
    version_number: int | None
    replaces: tuple[str, ...]
    type_code: str | None
    type_system: str | None
    type_label: str | None
    class_code: str | None
    class_label: str | None
    category: str
    format_code: str | None
    confidentiality: str | None
    creation_time: CdaTime | None
    service_start: CdaTime | None
    service_stop: CdaTime | None
    title: str | None
    language: str | None
    authors: tuple[AuthorSummary, ...]
    facility_type: CodedValue | None
    practice_setting: CodedValue | None
    by_patient: bool
    mime_type: str
    hash_sha1: str
    size: int


def xds_metadata(document: CdaDocument, data: bytes) -> XdsMetadata:
    """The metadata of a document and of the bytes it was read from.

    `mime_type` is `text/xml`: in the DMP the registered object is the CDA, whatever it carries.
    """
    code = document.code
    known = document_type(code.code, code.system) if code else None
    event = principal_event(document)
    class_code = known.class_code if known else None
    confidentiality = document.confidentiality.code if document.confidentiality else None
    return XdsMetadata(
        unique_id=document.unique_id,
        set_id=document.set_id,
        version_number=document.version_number,
        replaces=document.replaces,
        type_code=code.code if code else None,
        type_system=code.system if code else None,
        type_label=type_label(document),
        class_code=class_code,
        class_label=class_labels().get(class_code or ""),
        category=known.category if known else OTHER_DOCUMENTS,
        format_code=_format(document),
        confidentiality=confidentiality if confidentiality in CONFIDENTIALITIES else None,
        creation_time=document.effective_time,
        service_start=event.period.start if event else None,
        service_stop=event.period.stop if event else None,
        title=document.title,
        language=document.language,
        authors=tuple(_summary(author) for author in document.authors),
        facility_type=document.encounter.facility if document.encounter else None,
        practice_setting=practice_setting(document),
        by_patient=is_by_patient(document),
        mime_type="text/xml",
        hash_sha1=hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        size=len(data),
    )


def type_label(document: CdaDocument) -> str | None:
    """Label of the value set, else the document's own displayName, else its code (DMP-13)."""
    code = document.code
    if code is None:
        return None
    known = document_type(code.code, code.system)
    return known.label if known else code.display or code.code


def principal_event(document: CdaDocument) -> ServiceEvent | None:
    """The principal act: in the CI-SIS the one with a performer, which is also the first (DMP-81)."""
    events = document.service_events
    return next((event for event in events if event.performer), events[0] if events else None)


def practice_setting(document: CdaDocument) -> CodedValue | None:
    """practiceSettingCode (DMP-18): from the performer's organisation, else the authors', else the validator's."""
    event = principal_event(document)
    parties = [
        event.performer if event else None,
        *(author.party for author in document.authors),
        document.legal_authenticator.party if document.legal_authenticator else None,
    ]
    organisations: list[Organisation | None] = [party.organisation for party in parties if party]
    return next((item.setting for item in organisations if item and item.setting), None)


def is_by_patient(document: CdaDocument) -> bool:
    """The holder's own document (DMP-25): INS of an author, facility or setting EXP_PATIENT, or a type of patients."""
    facility = document.encounter.facility if document.encounter else None
    setting = practice_setting(document)
    code = (document.code.code or "") if document.code else ""
    return (
        any(author.is_patient for author in document.authors)
        or EXPRESSION_OF_PATIENT in {facility.code if facility else None, setting.code if setting else None}
        or code.startswith(_PATIENT_TYPES)
    )


def _format(document: CdaDocument) -> str | None:
    if document.payload is not None:
        return format_of_media(document.payload.declared_type or document.payload.sniffed_type)
    return format_of_templates(document.template_ids)


def _summary(author: Author) -> AuthorSummary:
    party, organisation = author.party, author.party.organisation
    numbers = (item.national_number for item in organisation.identifiers) if organisation else iter(())
    return AuthorSummary(
        name=party.name.professional_display if party.name else None,
        number=party.professional_number,
        device=author.device.display if author.device else None,
        institution=organisation.name if organisation else None,
        institution_number=next((number for number in numbers if number), None),
        role=author.function,
        specialty=party.code,
        is_patient=author.is_patient,
    )
