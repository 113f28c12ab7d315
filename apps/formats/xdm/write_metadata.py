"""METADATA.XML as the CI-SIS has it: one submission set, its documents, what links them (IHE ITI TF-3 4.2)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from lxml import etree

from apps.formats.cda.times import CdaTime
from apps.formats.cda.values import CodedValue
from apps.formats.xdm import vocabulary as of
from apps.formats.xdm.ebxml import rim
from apps.formats.xdm.hl7 import write_coded_text, write_cx, write_traits, write_xcn, write_xon
from apps.formats.xdm.model import DocumentEntry, EntryAuthor, PackagedDocument, SubmissionSet

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def metadata_of(named: Sequence[tuple[str, PackagedDocument]], submission: SubmissionSet) -> bytes:
    """The SubmitObjectsRequest for documents and the names that their files have."""
    root = etree.Element(f"{{{of.LCM}}}SubmitObjectsRequest", nsmap={"lcm": of.LCM, "rim": of.RIM})
    objects = _add(root, "RegistryObjectList")
    _add_submission(objects, submission)
    for name, document in named:
        _add_document(objects, name, document)
    _add_associations(objects, [document.entry for _, document in named], submission)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_submission(objects: etree._Element, submission: SubmissionSet) -> None:
    package = _Object(_add(objects, "RegistryPackage", id=submission.entry_id))
    package.slot("submissionTime", _time(submission.submitted))
    package.text("Name", submission.title)
    package.text("Description", submission.comments)
    package.authors(of.SUBMISSION_AUTHOR, submission.authors)
    package.codes(of.CONTENT_TYPE, submission.content_type)
    package.node(of.SUBMISSION_NODE)
    patient = None if submission.patient is None else write_cx(submission.patient)
    package.external(of.SUBMISSION_PATIENT, "XDSSubmissionSet.patientId", patient)
    package.external(of.SUBMISSION_SOURCE, "XDSSubmissionSet.sourceId", submission.source_id)
    package.external(of.SUBMISSION_UNIQUE_ID, "XDSSubmissionSet.uniqueId", submission.unique_id)


def _add_document(objects: etree._Element, name: str, document: PackagedDocument) -> None:
    entry, data = document.entry, document.data or b""
    element = _add(
        objects,
        "ExtrinsicObject",
        id=entry.entry_id,
        objectType=of.DOCUMENT_OBJECT,
        mimeType=entry.mime_type,
        status=entry.status.value,
    )
    extrinsic = _Object(element)
    extrinsic.slot("creationTime", _time(entry.created))
    extrinsic.slot("languageCode", entry.language)
    extrinsic.slot("hash", hashlib.sha1(data, usedforsecurity=False).hexdigest())
    extrinsic.slot("size", str(len(data)))
    extrinsic.slot("URI", name)
    _add_people(extrinsic, entry)
    extrinsic.text("Name", entry.title)
    extrinsic.text("Description", entry.comments)
    extrinsic.authors(of.DOCUMENT_AUTHOR, entry.authors)
    extrinsic.codes(of.CLASS_CODE, entry.class_code)
    extrinsic.codes(of.TYPE_CODE, entry.type_code)
    extrinsic.codes(of.FORMAT_CODE, entry.format_code)
    extrinsic.codes(of.FACILITY_TYPE, entry.facility_type)
    extrinsic.codes(of.PRACTICE_SETTING, entry.practice_setting)
    extrinsic.codes(of.CONFIDENTIALITY, *entry.confidentialities)
    extrinsic.codes(of.EVENT_CODE, *entry.event_codes)
    patient = None if entry.patient is None else write_cx(entry.patient)
    extrinsic.external(of.DOCUMENT_PATIENT, "XDSDocumentEntry.patientId", patient)
    extrinsic.external(of.DOCUMENT_UNIQUE_ID, "XDSDocumentEntry.uniqueId", entry.unique_id)


def _add_people(extrinsic: _Object, entry: DocumentEntry) -> None:
    person = entry.legal_authenticator
    extrinsic.slot("legalAuthenticator", None if person is None else write_xcn(person))
    extrinsic.slot("serviceStartTime", _time(entry.act_started))
    extrinsic.slot("serviceStopTime", _time(entry.act_stopped))
    source = entry.source_patient
    extrinsic.slot("sourcePatientId", None if source is None else write_cx(source))
    extrinsic.slot("sourcePatientInfo", *(() if entry.source_traits is None else write_traits(entry.source_traits)))


def _add_associations(objects: etree._Element, entries: Iterable[DocumentEntry], submission: SubmissionSet) -> None:
    links = [
        (entry.entry_id, of.ASSOCIATION + relation.kind, relation.target)
        for entry in entries
        for relation in entry.relations
    ]
    for number, entry in enumerate(entries, 1):
        member = _associate(objects, f"as{number}", (submission.entry_id, of.HAS_MEMBER, entry.entry_id))
        _Object(member).slot("SubmissionSetStatus", "Original")
    for number, link in enumerate(links, 1):
        _associate(objects, f"rel{number}", link)


def _associate(objects: etree._Element, identifier: str, link: tuple[str, str, str]) -> etree._Element:
    source, kind, target = link
    return _add(objects, "Association", id=identifier, associationType=kind, sourceObject=source, targetObject=target)


class _Object:
    """A registry object under construction; parts without a value are left out."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element
        self._id = element.get("id") or ""
        self._parts = 0

    def slot(self, name: str, *values: str | None) -> None:
        _slot(self._element, name, *values)

    def text(self, name: str, value: str | None) -> None:
        if value:
            string = _add(_add(self._element, name), "LocalizedString", charset="UTF-8", value=value)
            string.set(_LANGUAGE, "fr-FR")

    def node(self, classification: str) -> None:
        _add(
            self._element,
            "Classification",
            id=self._part_id(),
            classifiedObject=self._id,
            classificationNode=classification,
        )

    def codes(self, scheme: str, *values: CodedValue | None) -> None:
        for value in values:
            if value is not None:
                part = _Object(self._classification(scheme, value.code or ""))
                part.slot("codingScheme", value.system)
                part.text("Name", value.display)

    def authors(self, scheme: str, authors: Iterable[EntryAuthor]) -> None:
        for author in authors:
            part = _Object(self._classification(scheme, ""))
            part.slot("authorPerson", None if author.person is None else write_xcn(author.person))
            part.slot("authorInstitution", *map(write_xon, author.organisations))
            part.slot("authorRole", *author.roles)
            part.slot("authorSpecialty", *map(write_coded_text, author.specialties))

    def external(self, scheme: str, name: str, value: str | None) -> None:
        if value:
            identifier = _add(
                self._element,
                "ExternalIdentifier",
                id=self._part_id(),
                registryObject=self._id,
                identificationScheme=scheme,
                value=value,
            )
            _Object(identifier).text("Name", name)

    def _classification(self, scheme: str, code: str) -> etree._Element:
        return _add(
            self._element,
            "Classification",
            id=self._part_id(),
            classificationScheme=scheme,
            classifiedObject=self._id,
            nodeRepresentation=code,
        )

    def _part_id(self) -> str:
        self._parts += 1
        return f"{self._id}_{self._parts}"


def _slot(parent: etree._Element, name: str, *values: str | None) -> None:
    kept = [value for value in values if value]
    if kept:
        items = _add(_add(parent, "Slot", name=name), "ValueList")
        for value in kept:
            _add(items, "Value").text = _NOT_XML.sub("", value)


def _add(parent: etree._Element, element: str, /, **attributes: str) -> etree._Element:
    kept = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    return etree.SubElement(parent, rim(element), kept)


def _time(time: CdaTime | None) -> str | None:
    return None if time is None else time.written
