"""METADATA.XML of one subset to values: the deposit, the documents, what links them (MSS-51, MSS-52)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from apps.formats.cda.values import CodedValue
from apps.formats.errors import UnreadableInputError
from apps.formats.xdm import ebxml
from apps.formats.xdm import vocabulary as of
from apps.formats.xdm.faults import DocumentFault, PackageError, PackageErrorCode
from apps.formats.xdm.hl7 import read_coded_text, read_cx, read_traits, read_xcn, read_xon
from apps.formats.xdm.model import (
    DocumentEntry,
    EntryAuthor,
    Relation,
    RelationKind,
    Status,
    SubmissionSet,
    visibility_of,
)
from apps.formats.xml import parse_untrusted_xml

_TIMES = ("creationTime", "serviceStartTime", "serviceStopTime")
_CONFIDENTIALITIES = frozenset({"N", "R", "V"})
_LONGEST_SIZE = 15
_Relations = dict[str, list[Relation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredDocument:
    """A document as METADATA.XML names it: entry, where it should be, what its bytes should be."""

    entry: DocumentEntry
    uri: str | None
    sha1: str | None
    size: int | None
    faults: tuple[DocumentFault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """One METADATA.XML."""

    documents: tuple[DeclaredDocument, ...]
    submission: SubmissionSet | None


def read_metadata(data: bytes, *, most_documents: int) -> Subset:
    """Read a SubmitObjectsRequest of ebRIM 3.0. Raises `PackageError` when the bytes are none, or name too many."""
    try:
        root = parse_untrusted_xml(data)
    except UnreadableInputError as error:
        raise PackageError(PackageErrorCode.UNREADABLE_METADATA, str(error)) from error
    objects = root.find(ebxml.rim("RegistryObjectList"))
    if root.tag != f"{{{of.LCM}}}SubmitObjectsRequest" or objects is None:
        raise PackageError(PackageErrorCode.UNREADABLE_METADATA, "no SubmitObjectsRequest")
    documents = [item for item in objects.findall(ebxml.rim("ExtrinsicObject")) if _is_document(item)]
    if len(documents) > most_documents:
        raise PackageError(PackageErrorCode.TOO_MANY_FILES, f"{len(documents)} documents named")
    relations = _relations(objects)
    return Subset(
        documents=tuple(_document(item, relations) for item in documents),
        submission=next(map(_submission, _submissions(objects)), None),
    )


def _is_document(element: etree._Element) -> bool:
    # Folders of signatures and on-demand documents have another object type; some senders leave it out.
    return element.get("objectType") in {None, of.DOCUMENT_OBJECT}


def _submissions(objects: etree._Element) -> Iterator[etree._Element]:
    """The packages that are classified as submission sets, inside themselves or beside; folders are not."""
    beside = {
        item.get("classifiedObject")
        for item in objects.findall(ebxml.rim("Classification"))
        if item.get("classificationNode") == of.SUBMISSION_NODE
    }
    for item in objects.findall(ebxml.rim("RegistryPackage")):
        inside = item.findall(ebxml.rim("Classification"))
        if item.get("id") in beside or any(node.get("classificationNode") == of.SUBMISSION_NODE for node in inside):
            yield item


def _relations(objects: etree._Element) -> _Relations:
    found: _Relations = {}
    kinds = {kind.value: kind for kind in RelationKind}
    for item in objects.findall(ebxml.rim("Association")):
        kind = kinds.get((item.get("associationType") or "").rpartition(":")[2])
        source, target = ebxml.attribute(item, "sourceObject"), ebxml.attribute(item, "targetObject")
        if kind and source and target:
            found.setdefault(source, []).append(Relation(kind=kind, target=target))
    return found


def _document(element: etree._Element, relations: _Relations) -> DeclaredDocument:
    entry = _entry(element, relations)
    sha1, size = ebxml.slot(element, "hash"), _number(ebxml.slot(element, "size"))
    checks = {
        DocumentFault.NO_HASH: sha1 is None,
        DocumentFault.NO_SIZE: size is None,
        DocumentFault.UNREADABLE_TIME: _has_unreadable_time(element),
    }
    return DeclaredDocument(
        entry=entry,
        uri=ebxml.slot(element, "URI"),
        sha1=None if sha1 is None else sha1.lower(),
        size=size,
        faults=(*(fault for fault, is_found in checks.items() if is_found), *entry_faults(entry)),
    )


def _entry(element: etree._Element, relations: _Relations) -> DocumentEntry:
    entry_id = ebxml.attribute(element, "id") or ""
    return DocumentEntry(
        entry_id=entry_id,
        unique_id=ebxml.external(element, of.DOCUMENT_UNIQUE_ID),
        mime_type=(ebxml.attribute(element, "mimeType") or "").lower(),
        status=_status(element),
        title=ebxml.localized(element, "Name"),
        comments=ebxml.localized(element, "Description"),
        created=ebxml.time(element, "creationTime"),
        act_started=ebxml.time(element, "serviceStartTime"),
        act_stopped=ebxml.time(element, "serviceStopTime"),
        language=ebxml.slot(element, "languageCode"),
        type_code=ebxml.code(element, of.TYPE_CODE),
        class_code=ebxml.code(element, of.CLASS_CODE),
        format_code=ebxml.code(element, of.FORMAT_CODE),
        facility_type=ebxml.code(element, of.FACILITY_TYPE),
        practice_setting=ebxml.code(element, of.PRACTICE_SETTING),
        confidentialities=ebxml.codes(element, of.CONFIDENTIALITY),
        event_codes=ebxml.codes(element, of.EVENT_CODE),
        authors=_authors(element, of.DOCUMENT_AUTHOR),
        legal_authenticator=read_xcn(ebxml.slot(element, "legalAuthenticator")),
        patient=read_cx(ebxml.external(element, of.DOCUMENT_PATIENT)),
        source_patient=read_cx(ebxml.slot(element, "sourcePatientId")),
        source_traits=read_traits(ebxml.slot_values(element, "sourcePatientInfo")),
        relations=tuple(dict.fromkeys(relations.get(entry_id, ()))),
    )


def _submission(element: etree._Element) -> SubmissionSet:
    return SubmissionSet(
        entry_id=ebxml.attribute(element, "id") or "",
        unique_id=ebxml.external(element, of.SUBMISSION_UNIQUE_ID),
        source_id=ebxml.external(element, of.SUBMISSION_SOURCE),
        patient=read_cx(ebxml.external(element, of.SUBMISSION_PATIENT)),
        submitted=ebxml.time(element, "submissionTime"),
        title=ebxml.localized(element, "Name"),
        comments=ebxml.localized(element, "Description"),
        content_type=ebxml.code(element, of.CONTENT_TYPE),
        authors=_authors(element, of.SUBMISSION_AUTHOR),
    )


def _authors(element: etree._Element, scheme: str) -> tuple[EntryAuthor, ...]:
    found = []
    for item in ebxml.classifications(element, scheme):
        organisations = (read_xon(text) for text in ebxml.slot_values(item, "authorInstitution"))
        specialties = (read_coded_text(text) for text in ebxml.slot_values(item, "authorSpecialty"))
        author = EntryAuthor(
            person=read_xcn(ebxml.slot(item, "authorPerson")),
            organisations=tuple(value for value in organisations if value),
            roles=ebxml.slot_values(item, "authorRole"),
            specialties=tuple(value for value in specialties if value),
        )
        if author != EntryAuthor(person=None):
            found.append(author)
    return tuple(found)


def _status(element: etree._Element) -> Status:
    """A record that says nothing is a current one."""
    written = ebxml.attribute(element, "status") or Status.APPROVED
    return next((status for status in Status if status == written), Status.UNKNOWN)


def _number(text: str | None) -> int | None:
    if text is None or len(text) > _LONGEST_SIZE or not (text.isascii() and text.isdigit()):
        return None
    return int(text)


def entry_faults(entry: DocumentEntry) -> tuple[DocumentFault, ...]:
    """What an entry lacks, whatever its bytes are."""
    checks = {
        DocumentFault.NO_UNIQUE_ID: entry.unique_id is None,
        DocumentFault.NO_PATIENT: not entry.patients,
        DocumentFault.UNKNOWN_STATUS: entry.status is Status.UNKNOWN,
        DocumentFault.UNKNOWN_CONFIDENTIALITY: not all(map(_is_known_label, entry.confidentialities)),
    }
    return tuple(fault for fault, is_found in checks.items() if is_found)


def _is_known_label(label: CodedValue) -> bool:
    return (label.code or "").upper() in _CONFIDENTIALITIES or visibility_of(label) is not None


def _has_unreadable_time(element: etree._Element) -> bool:
    return any(ebxml.slot(element, name) and not ebxml.time(element, name) for name in _TIMES)
