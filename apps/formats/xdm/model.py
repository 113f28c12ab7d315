"""A package as plain values: documents with their bytes, metadata of the registry, faults (DMP-01..28, MSS-51..53)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from apps.common.dates import PartialDate
from apps.formats.cda.times import CdaTime
from apps.formats.cda.values import INS_ROOTS, CodedValue, Identifier
from apps.formats.xdm.faults import BLOCKING, DocumentFault, PackageFault


class Status(StrEnum):
    """availabilityStatus (DMP-04)."""

    APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
    DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
    ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
    DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"
    UNKNOWN = "unknown"


class RelationKind(StrEnum):
    """Associations between documents (IHE ITI TF-3 4.2.2.2)."""

    REPLACES = "RPLC"
    TRANSFORMS = "XFRM"
    REPLACES_AND_TRANSFORMS = "XFRM_RPLC"
    APPENDS = "APND"
    SIGNS = "signs"


class Visibility(StrEnum):
    """Labels beside the confidentiality (TRE_A07, DMP-15); they stand in METADATA.XML alone (DMP-16)."""

    HIDDEN = "MASQUE_PS"
    CONCEALED = "INVISIBLE_PATIENT"
    KEPT_FROM_REPRESENTATIVES = "INVISIBLE_REPRESENTANTS_LEGAUX"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientNumber:
    """A number of a person and who gave it (OID); the number never shows in logs."""

    number: str = field(repr=False)
    authority: str

    @property
    def is_ins(self) -> bool:
        return self.authority in INS_ROOTS

    @property
    def body(self) -> str:
        """The 13 characters of a matricule, without its key."""
        return self.number[:13].upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTraits:
    """sourcePatientInfo (DMP-83)."""

    family: str | None = field(repr=False)
    given: str | None = field(repr=False)
    born: PartialDate | None = field(repr=False)
    sex: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPerson:
    """A person or a device (XCN, DMP-22); `number` with its prefix digit (DMP-23)."""

    number: str | None
    family: str | None
    given: str | None
    authority: str | None
    name_type: str | None = None
    id_type: str | None = None

    @property
    def national_number(self) -> str | None:
        return Identifier(root=self.authority or "", extension=self.number).national_number


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryOrganisation:
    """An organisation (XON, DMP-22); `number` with its prefix digit (DMP-23)."""

    name: str | None
    number: str | None
    authority: str | None
    id_type: str | None = None

    @property
    def national_number(self) -> str | None:
        return Identifier(root=self.authority or "", extension=self.number).national_number


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAuthor:
    """One author of a document or of a deposit."""

    person: EntryPerson | None
    organisations: tuple[EntryOrganisation, ...] = ()
    roles: tuple[str, ...] = ()
    specialties: tuple[CodedValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """An association from a document to another one; `target` is an entry id, in this package or elsewhere."""

    kind: RelationKind
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionSet:
    """The deposit (lot de soumission, DMP-07)."""

    entry_id: str
    unique_id: str | None
    source_id: str | None
    patient: PatientNumber | None
    submitted: CdaTime | None
    title: str | None = None
    comments: str | None = None
    content_type: CodedValue | None = None
    authors: tuple[EntryAuthor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    """DocumentEntry of the registry (DMP-10). Times keep the precision that was written (DMP-09)."""

    entry_id: str
    unique_id: str | None
    mime_type: str
    status: Status = Status.APPROVED
    title: str | None = None
    comments: str | None = None
    created: CdaTime | None = None
    act_started: CdaTime | None = None
    act_stopped: CdaTime | None = None
    language: str | None = None
    type_code: CodedValue | None = None
    class_code: CodedValue | None = None
    format_code: CodedValue | None = None
    facility_type: CodedValue | None = None
    practice_setting: CodedValue | None = None
    confidentialities: tuple[CodedValue, ...] = ()
    event_codes: tuple[CodedValue, ...] = ()
    authors: tuple[EntryAuthor, ...] = ()
    legal_authenticator: EntryPerson | None = None
    patient: PatientNumber | None = None
    source_patient: PatientNumber | None = None
    source_traits: PatientTraits | None = None
    relations: tuple[Relation, ...] = ()

    @property
    def patients(self) -> tuple[PatientNumber, ...]:
        """patientId and sourcePatientId, each once."""
        return tuple(dict.fromkeys(item for item in (self.patient, self.source_patient) if item))

    @property
    def replaces(self) -> tuple[str, ...]:
        """Entry ids of what this document replaces (DMP-03, MSS-52)."""
        kinds = {RelationKind.REPLACES, RelationKind.REPLACES_AND_TRANSFORMS}
        return tuple(item.target for item in self.relations if item.kind in kinds)

    @property
    def confidentiality(self) -> str | None:
        """The strictest of N, R, V, or None (DMP-15)."""
        found = {(item.code or "").upper() for item in self.confidentialities}
        return next((code for code in ("V", "R", "N") if code in found), None)

    @property
    def visibilities(self) -> frozenset[Visibility]:
        return frozenset(item for item in map(visibility_of, self.confidentialities) if item)

    @property
    def is_hidden(self) -> bool:
        """MASQUE_PS."""
        return Visibility.HIDDEN in self.visibilities

    @property
    def is_concealed(self) -> bool:
        """INVISIBLE_PATIENT: must never reach the holder's mailbox (MSS-53)."""
        return Visibility.CONCEALED in self.visibilities

    @property
    def is_kept_from_representatives(self) -> bool:
        """INVISIBLE_REPRESENTANTS_LEGAUX."""
        return Visibility.KEPT_FROM_REPRESENTATIVES in self.visibilities


def visibility_of(code: CodedValue) -> Visibility | None:
    """The label of a code, whatever its case; HL7v2 spells one of them shorter (DMP-17)."""
    written = (code.code or "").upper()
    if written == "INVISIBLE_REP_LEGAUX":
        return Visibility.KEPT_FROM_REPRESENTATIVES
    return next((item for item in Visibility if item == written), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CdaHeader:
    """What the package's metadata is compared with: header of the CDA itself."""

    unique_id: str | None
    replaces: tuple[str, ...]
    patients: tuple[PatientNumber, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedDocument:
    """One document. `data` is None when its file is missing or damaged; `cda` None when the bytes are no CDA.

    `name` is where it stood in the package: nothing of what the document is, so left out of comparisons.
    """

    entry: DocumentEntry
    data: bytes | None = field(repr=False)
    cda: CdaHeader | None = None
    faults: tuple[DocumentFault, ...] = ()
    name: str | None = field(default=None, compare=False)

    @property
    def size(self) -> int:
        return len(self.data or b"")

    @property
    def sha1(self) -> str | None:
        """Hex over the bytes that were read (DMP-28)."""
        return None if self.data is None else hashlib.sha1(self.data, usedforsecurity=False).hexdigest()

    @property
    def is_sound(self) -> bool:
        """Whether it may be shown and saved: no fault that holds it."""
        return not BLOCKING & set(self.faults)

    @property
    def unique_id(self) -> str | None:
        """uniqueId of the registry, else the id of the CDA (DMP-01)."""
        return self.entry.unique_id or (self.cda.unique_id if self.cda else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What one archive holds. `submissions` has one deposit for each subset, most often one."""

    documents: tuple[PackagedDocument, ...]
    submissions: tuple[SubmissionSet, ...]
    faults: tuple[PackageFault, ...] = ()

    @property
    def submission(self) -> SubmissionSet | None:
        return self.submissions[0] if self.submissions else None

    def twin_of(self, document: PackagedDocument) -> PackagedDocument | None:
        """The document of this package that another one says to be a transformation of (its PDF for humans, MSS-50)."""
        kinds = {RelationKind.TRANSFORMS, RelationKind.REPLACES_AND_TRANSFORMS}
        targets = {item.target for item in document.entry.relations if item.kind in kinds}
        return next((item for item in self.documents if item.entry.entry_id in targets and item is not document), None)
