"""Opening a document: the content and its line in the trail commit together (SEC-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor, Decision, Role
from apps.audit.services import Line, record
from apps.dmp import policies, telling
from apps.dmp.models import Document, ReadMark
from apps.dmp.services.errors import DocumentNotFoundError, DocumentWithdrawnError
from apps.files import services as files
from apps.files.gateways.base import StoreUnavailableError
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.reader import read_cda
from apps.formats.errors import UnreadableInputError
from apps.notifications import services as notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An opened document. `data` is None while the file waits for its check or is gone; `problem` says which: a state
    of the file, `gone`, or `away` for a store that does not answer. `cda` is None when the bytes cannot be read as a
    CDA any more; `error` says why.
    """

    document: Document
    data: bytes | None
    cda: CdaDocument | None
    problem: str = ""
    error: UnreadableInputError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is done with the content; `number` of a file inside the document, None for the whole."""

    action: str
    number: int | None = None


def open_document(*, actor: Actor, document_id: UUID, at: datetime) -> Reading:
    """Open one document for reading; the first opening by a reader ends its « Nouveau ».

    Raises `DocumentNotFoundError` for what does not exist or may not be seen (a refused professional leaves a denial in
    the trail), `DocumentWithdrawnError` when its author deleted it.
    """
    return _open(actor, document_id, Act(action="dmp.document.read"), at)


def download_document(*, actor: Actor, document_id: UUID, number: int | None = None, at: datetime) -> Reading:
    """The same for keeping a copy: of the whole, or of the file `number` inside it. It has an action of its own.

    A file that is not in the document is not found, and nobody has downloaded it.
    """
    return _open(actor, document_id, Act(action="dmp.document.download", number=number), at)


def print_document(*, actor: Actor, document_id: UUID, at: datetime) -> Reading:
    """The same for a page made for paper (D-05)."""
    return _open(actor, document_id, Act(action="dmp.document.print"), at)


def document_of(*, actor: Actor, document_id: UUID) -> Document:
    """The record alone, for pages that show no content. Raises `DocumentNotFoundError`."""
    found = _visible(actor, document_id)
    if found is None:
        raise DocumentNotFoundError(document_id)
    return found


def _open(actor: Actor, document_id: UUID, act: Act, at: datetime) -> Reading:
    document = _visible(actor, document_id)
    if document is None:
        _record_denial(actor, document_id, act.action, at)
        raise DocumentNotFoundError(document_id)
    if document.availability == Document.Availability.DELETED:
        raise DocumentWithdrawnError(document_id)
    with transaction.atomic():
        reading = _read(document)
        if act.number is not None and (reading.cda is None or reading.cda.file(act.number) is None):
            raise DocumentNotFoundError(document_id)
        decision = policies.may_read(actor, document)
        facts = {
            "mode": actor.purpose.value,
            "matrix": actor.rights.matrix_version,
            "content": reading.data is not None,
        }
        line = Line(action=act.action, target=f"document:{document.id}", decision=decision, facts=facts)
        record(actor=actor, at=at, line=line)
        if reading.data is not None:
            _mark_read(actor, document, at)
            telling.tell_of_reading(actor=actor, document=document, at=at)
    return reading


def _visible(actor: Actor, document_id: UUID) -> Document | None:
    """The record as this actor may know it: a version whose successor is kept from them is the current one (SEC-05)."""
    rows = Document.objects.visible_to(actor).with_availability_for(actor)
    rows = rows.select_related("file__vault", "replaces", "folder")
    document = rows.filter(id=document_id).first()
    if document is not None and document.is_last_seen:
        document.availability = Document.Availability.APPROVED  # for showing only, never saved
    return document


def _read(document: Document) -> Reading:
    try:
        data = files.read(document.file)
    except files.FileNotReadableError as error:
        return Reading(document=document, data=None, cda=None, problem=error.state)
    except files.FileGoneError:
        return Reading(document=document, data=None, cda=None, problem="gone")
    except StoreUnavailableError:
        return Reading(document=document, data=None, cda=None, problem="away")
    try:
        cda = read_cda(data)
    except UnreadableInputError as error:
        return Reading(document=document, data=data, cda=None, problem="unreadable", error=error)
    return Reading(document=document, data=data, cda=cda)


def _mark_read(actor: Actor, document: Document, at: datetime) -> None:
    if actor.is_holder_side and actor.user_id is not None:
        ReadMark.objects.get_or_create(
            space_id=document.space_id, document_id=document.id, user_id=actor.user_id, defaults={"read_at": at}
        )
        notices.mark_document_read(user_id=actor.user_id, document_id=document.id, at=at)


def _record_denial(actor: Actor, document_id: UUID, action: str, at: datetime) -> None:
    """Denials are traced with their rule (IDN-53); of an unknown id there is nothing to tell."""
    if actor.role is not Role.PROFESSIONAL or actor.space_id is None:
        return
    document = Document.objects.filter(space_id=actor.space_id, id=document_id).first()
    if document is not None:
        refused: Decision = policies.may_read(actor, document)
        record(actor=actor, at=at, line=Line(action=action, target=f"document:{document.id}", decision=refused))
