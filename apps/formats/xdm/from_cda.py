"""The DocumentEntry of a CDA that is sent on unchanged (MSS-57): header to metadata as the CI-SIS maps them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC
from typing import Final

from apps.formats.cda.metadata import principal_event, xds_metadata
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.people import Author, Organisation, Party, Patient
from apps.formats.cda.times import CdaTime
from apps.formats.cda.values import CodedValue, Identifier
from apps.formats.xdm import vocabulary as of
from apps.formats.xdm.model import (
    DocumentEntry,
    EntryAuthor,
    EntryOrganisation,
    EntryPerson,
    PatientNumber,
    PatientTraits,
    Relation,
    Visibility,
)

_CDA_TYPE: Final = "text/xml"
_YEARS = range(1000, 9999)  # others do not survive a change of offset, or of form
_LABELS = {  # JDV_J58 (DMP-15)
    "N": "Normal",
    "R": "Restreint",
    "V": "Très restreint",
    Visibility.HIDDEN: "Masqué aux professionnels de santé",
    Visibility.CONCEALED: "Non visible par le patient",
    Visibility.KEPT_FROM_REPRESENTATIVES: "Non visible par les représentants légaux du patient",
}


def entry_of_cda(
    document: CdaDocument,
    data: bytes,
    *,
    entry_id: str,
    visibilities: Collection[Visibility] = (),
    relations: tuple[Relation, ...] = (),
) -> DocumentEntry:
    """The metadata of a CDA and of the bytes it was read from.

    `entry_id` is an URN (`urn:uuid:…`). `visibilities` are those of the record: a CDA never holds them (DMP-16).
    """
    found = xds_metadata(document, data)
    event = principal_event(document)
    patients = _patients(document.patient)
    validation = document.legal_authenticator
    return DocumentEntry(
        entry_id=entry_id,
        unique_id=found.unique_id,
        mime_type=_CDA_TYPE,
        title=found.title or found.type_label,
        created=_utc(found.creation_time),
        act_started=_utc(event.period.start if event else None),
        act_stopped=_utc(event.period.stop if event else None),
        language=found.language,
        type_code=_code(found.type_code, found.type_system, found.type_label),
        class_code=_code(found.class_code, of.CLASS_CODES, found.class_label),
        format_code=_code(found.format_code, of.FORMAT_CODES, found.format_code),
        facility_type=found.facility_type,
        practice_setting=found.practice_setting,
        confidentialities=_confidentialities(found.confidentiality, visibilities),
        authors=tuple(_author(author) for author in document.authors),
        legal_authenticator=None if validation is None else _person(validation.party),
        patient=patients,
        source_patient=patients,
        source_traits=_traits(document.patient),
        relations=relations,
    )


def _code(code: str | None, system: str | None, display: str | None) -> CodedValue | None:
    return CodedValue(code=code, system=system, display=display) if code else None


def _confidentialities(code: str | None, visibilities: Collection[Visibility]) -> tuple[CodedValue, ...]:
    """The CDA's own first, the labels beside it, in one order (DMP-16)."""
    first = code or "N"
    labels = [item for item in Visibility if item in visibilities]
    return (
        CodedValue(code=first, system=of.HL7_CONFIDENTIALITY, display=_LABELS[first]),
        *(CodedValue(code=item.value, system=of.VISIBILITY_LABELS, display=_LABELS[item]) for item in labels),
    )


def _utc(time: CdaTime | None) -> CdaTime | None:
    """Times of the registry are in UTC and say no offset (IHE ITI TF-3 4.2.3.1.7); a date alone stays as it is."""
    instant = time.instant() if time and time.date.year in _YEARS else None
    if time is None or instant is None:
        return time
    form = "%Y%m%d%H%M" if time.second is None else "%Y%m%d%H%M%S"
    return CdaTime.parse(instant.astimezone(UTC).strftime(form))


def _patients(patient: Patient | None) -> PatientNumber | None:
    for item in patient.ins if patient else ():
        if item.extension:
            return PatientNumber(number=item.extension, authority=item.root)
    return None


def _traits(patient: Patient | None) -> PatientTraits | None:
    if patient is None or patient.name is None:
        return None
    return PatientTraits(
        family=patient.name.birth_family,
        given=patient.name.birth_givens,
        born=patient.born.date if patient.born else None,
        sex=patient.sex.code if patient.sex else None,
    )


def _author(author: Author) -> EntryAuthor:
    organisation = author.party.organisation
    role = author.function.display if author.function else None
    return EntryAuthor(
        person=_person(author.party) or _device(author),
        organisations=(_organisation(organisation),) if organisation and organisation.name else (),
        roles=(role,) if role else (),
        specialties=(author.party.code,) if author.party.code else (),
    )


def _person(party: Party) -> EntryPerson | None:
    if party.name is None:
        return None
    return EntryPerson(
        family=party.name.used_family or party.name.as_written,
        given=party.name.used_given,
        name_type="D",
        **_numbered(party.identifiers, "IDNPS"),
    )


def _device(author: Author) -> EntryPerson | None:
    """A device has its model where a person has the family name, its software as given name (DMP-22)."""
    if author.device is None:
        return None
    return EntryPerson(
        family=author.device.model or author.device.software,
        given=author.device.software,
        name_type="U",
        **_numbered(author.party.identifiers, "RI"),
    )


def _organisation(organisation: Organisation) -> EntryOrganisation:
    return EntryOrganisation(name=organisation.name, **_numbered(organisation.identifiers, "IDNST"))


def _numbered(identifiers: tuple[Identifier, ...], id_type: str) -> dict[str, str | None]:
    first = next((item for item in identifiers if item.extension), None)
    if first is None:
        return {"number": None, "authority": None}
    return {"number": first.extension, "authority": first.root, "id_type": id_type}
