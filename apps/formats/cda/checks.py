"""What a readable document lacks: warnings, none of which hides the document (S02, DMP-82, DMP-105)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.formats.cda.matricule import has_matricule_shape, has_wrong_key
from apps.formats.cda.model import CdaDocument, CdaWarning
from apps.formats.cda.people import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the values no longer tell: how many recordTargets, whether a date was written at all, dangling media."""

    patients: int
    date_written: bool
    birth_written: bool
    dangling: bool


def warnings_of(document: CdaDocument, facts: Facts) -> tuple[CdaWarning, ...]:
    """Every warning once, header first."""
    found = [*_header(document, facts), *_patient(document.patient, facts), *_people(document), *_body(document, facts)]
    return tuple(dict.fromkeys(found))


def _header(document: CdaDocument, facts: Facts) -> Iterator[CdaWarning]:
    if document.unique_id is None:
        yield CdaWarning.NO_UNIQUE_ID
    if document.code is None or document.code.code is None:
        yield CdaWarning.NO_TYPE
    if document.title is None:
        yield CdaWarning.NO_TITLE
    if document.effective_time is None:
        yield CdaWarning.UNREADABLE_DATE if facts.date_written else CdaWarning.NO_DATE
    if document.confidentiality is None or document.confidentiality.code is None:
        yield CdaWarning.NO_CONFIDENTIALITY


def _patient(patient: Patient | None, facts: Facts) -> Iterator[CdaWarning]:
    if patient is None:
        yield CdaWarning.NO_PATIENT
        return
    if facts.patients > 1:
        yield CdaWarning.SAME_PATIENT_TWICE
    if patient.born is None and facts.birth_written:
        yield CdaWarning.UNREADABLE_BIRTH_DATE
    if not patient.ins:
        yield CdaWarning.NO_INS
    for identifier in patient.ins:
        number = identifier.extension or ""
        if not has_matricule_shape(number):
            yield CdaWarning.INS_SHAPE
        elif has_wrong_key(number):
            yield CdaWarning.INS_KEY


def _people(document: CdaDocument) -> Iterator[CdaWarning]:
    if not document.authors:
        yield CdaWarning.NO_AUTHOR
    elif not any(author.has_identity for author in document.authors):
        yield CdaWarning.AUTHOR_WITHOUT_IDENTITY
    if document.legal_authenticator is None:
        yield CdaWarning.NO_LEGAL_AUTHENTICATOR


def _body(document: CdaDocument, facts: Facts) -> Iterator[CdaWarning]:
    if document.level is None:
        yield CdaWarning.NO_BODY
    if facts.dangling:
        yield CdaWarning.DANGLING_MEDIA
    for item in document.files:
        if item.problem is not None:
            yield CdaWarning.ATTACHMENT_PROBLEM
        if item.type_differs:
            yield CdaWarning.ATTACHMENT_TYPE_DIFFERS
