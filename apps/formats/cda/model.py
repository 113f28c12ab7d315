"""A CDA R2 document as plain values: header (DMP-80..88) and body (DMP-89..91). Nothing here renders or stores."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from apps.formats.cda.attachments import Attachment
from apps.formats.cda.people import Author, Device, Organisation, Participant, Party, Patient
from apps.formats.cda.results import LabResult
from apps.formats.cda.times import CdaTime
from apps.formats.cda.values import CodedValue, Identifier, Period

__all__ = [
    "Attachment",
    "Author",
    "CdaDocument",
    "CdaTime",
    "CdaWarning",
    "CodedValue",
    "Device",
    "Encounter",
    "Identifier",
    "LabResult",
    "Organisation",
    "Participant",
    "Party",
    "Patient",
    "Period",
    "Section",
    "ServiceEvent",
    "Validation",
]


class CdaWarning(StrEnum):
    """What a document lacks or gets wrong without being refused."""

    NO_UNIQUE_ID = "no-unique-id"
    NO_TYPE = "no-type"
    NO_TITLE = "no-title"
    NO_DATE = "no-date"
    UNREADABLE_DATE = "unreadable-date"
    NO_CONFIDENTIALITY = "no-confidentiality"
    NO_PATIENT = "no-patient"
    SAME_PATIENT_TWICE = "same-patient-twice"
    NO_INS = "no-ins"
    INS_SHAPE = "ins-shape"
    INS_KEY = "ins-key"
    UNREADABLE_BIRTH_DATE = "unreadable-birth-date"
    NO_AUTHOR = "no-author"
    AUTHOR_WITHOUT_IDENTITY = "author-without-identity"
    NO_LEGAL_AUTHENTICATOR = "no-legal-authenticator"
    NO_BODY = "no-body"
    ATTACHMENT_PROBLEM = "attachment-problem"
    ATTACHMENT_TYPE_DIFFERS = "attachment-type-differs"
    DANGLING_MEDIA = "dangling-media"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEvent:
    """An act that the document tells of (`documentationOf/serviceEvent`)."""

    code: CodedValue | None
    period: Period
    performer: Party | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """The stay or visit (`componentOf/encompassingEncounter`); `facility` is healthCareFacility/code (DMP-19)."""

    code: CodedValue | None
    period: Period
    facility: CodedValue | None
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Who takes responsibility ("validé par", DMP-86) and when."""

    at: CdaTime | None
    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section; `narrative` is its `text` element, authoritative for reading (DMP-89)."""

    title: str | None
    code: CodedValue | None
    narrative: etree._Element | None
    language: str | None
    is_unknown: bool
    results: tuple[LabResult, ...]
    has_unread_results: bool
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CdaDocument:
    """What a reader needs of a `ClinicalDocument`. Times are as written; a nullFlavor is None (DMP-87)."""

    realm: str | None
    template_ids: tuple[str, ...]
    unique_id: str | None
    set_id: str | None
    version_number: int | None
    replaces: tuple[str, ...]
    code: CodedValue | None
    title: str | None
    effective_time: CdaTime | None
    confidentiality: CodedValue | None
    language: str | None
    patient: Patient | None
    authors: tuple[Author, ...]
    custodian: Organisation | None
    legal_authenticator: Validation | None
    authenticators: tuple[Validation, ...]
    informants: tuple[Participant, ...]
    participants: tuple[Participant, ...]
    orders: tuple[str, ...]
    service_events: tuple[ServiceEvent, ...]
    encounter: Encounter | None
    payload: Attachment | None
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...]
    warnings: tuple[CdaWarning, ...]

    @property
    def level(self) -> int | None:
        """1 for a file in an envelope, 3 for sections (with or without coded entries), None without a body."""
        if self.payload is not None:
            return 1
        return 3 if self.sections else None

    @property
    def files(self) -> tuple[Attachment, ...]:
        """Every file inside: the level-1 file (number 0) or the attachments of the sections (from 1)."""
        return self.attachments if self.payload is None else (self.payload, *self.attachments)

    def file(self, number: int) -> Attachment | None:
        """The file of that number, or None."""
        return next((item for item in self.files if item.number == number), None)
