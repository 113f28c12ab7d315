"""The bytes of a document against what METADATA.XML says of them (DMP-28, DMP-83)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from lxml import etree

from apps.formats import media
from apps.formats.cda import read_header
from apps.formats.cda.nodes import child, children, tag
from apps.formats.cda.read_values import read_identifier, read_identifiers
from apps.formats.errors import UnreadableInputError
from apps.formats.xdm.faults import DocumentFault
from apps.formats.xdm.metadata import DeclaredDocument, entry_faults
from apps.formats.xdm.model import CdaHeader, DocumentEntry, PackagedDocument, PatientNumber
from apps.formats.xml import parse_untrusted_xml

_ROOT = "ClinicalDocument"


def check_contents(declared: DeclaredDocument, data: bytes, *, name: str | None) -> PackagedDocument:
    """The document with the faults of its metadata and of its bytes."""
    cda = _read_cda_header(data) if is_read_as_cda(declared.entry, data) else None
    faults = (*_damages(declared, data), *_contradictions(declared.entry, cda), *declared.faults)
    return PackagedDocument(entry=declared.entry, data=data, cda=cda, faults=faults, name=name)


def package_document(entry: DocumentEntry, data: bytes) -> PackagedDocument:
    """A document to be sent: its own size and hash, and the same checks as for a received one."""
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    declared = DeclaredDocument(entry=entry, uri=None, sha1=sha1, size=len(data), faults=entry_faults(entry))
    return check_contents(declared, data, name=None)


def is_read_as_cda(entry: DocumentEntry, data: bytes) -> bool:
    """Whether the bytes are opened as XML: a type in METADATA.XML alone must not keep a CDA from being checked."""
    return _is_called_xml(entry) or media.sniff(data) == media.XML


def _is_called_xml(entry: DocumentEntry) -> bool:
    called = media.normal_type(entry.mime_type) or ""
    return called == media.XML or called.endswith("+xml")


def _damages(declared: DeclaredDocument, data: bytes) -> Iterator[DocumentFault]:
    if declared.sha1 is not None and declared.sha1 != hashlib.sha1(data, usedforsecurity=False).hexdigest():
        yield DocumentFault.HASH
    if declared.size is not None and declared.size != len(data):
        yield DocumentFault.SIZE


def _contradictions(entry: DocumentEntry, cda: CdaHeader | None) -> Iterator[DocumentFault]:
    if cda is None:
        if _is_called_xml(entry):
            yield DocumentFault.NOT_CDA
        return
    told = {patient.body for patient in entry.patients if patient.is_ins}
    written = {patient.body for patient in cda.patients if patient.is_ins}
    if written and not told <= written:
        yield DocumentFault.OTHER_PATIENT
    if entry.unique_id and cda.unique_id and entry.unique_id != cda.unique_id:
        yield DocumentFault.OTHER_UNIQUE_ID


def _read_cda_header(data: bytes) -> CdaHeader | None:
    """Header of a CDA, also of one inside a style sheet that shows itself (DMP-88); None for anything else."""
    try:
        root = parse_untrusted_xml(data)
    except UnreadableInputError:
        return None
    document = next(root.iter(tag(_ROOT)), None)
    if document is None:
        return None
    unique_id = read_identifier(child(document, "id"))
    return CdaHeader(
        unique_id=None if unique_id is None else unique_id.text,
        replaces=read_header.read_replaced(document),
        patients=tuple(dict.fromkeys(_patients(document))),
    )


def _patients(document: etree._Element) -> Iterator[PatientNumber]:
    for target in children(document, "recordTarget"):
        for item in read_identifiers(child(target, "patientRole")):
            if item.extension:
                yield PatientNumber(number=item.extension, authority=item.root)
