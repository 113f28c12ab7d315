"""« Enregistrer dans mes documents »: what came with a message enters the record of the space (MSS-54, MSS-55).

The document of a professional enters as it is, under its own identifier; any other file becomes a document of the
holder's own. Until then nobody but the holder's side sees it (MSS-83). The message keeps its attachment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from apps.access import AccessDeniedError, Actor, Role
from apps.audit.services import Fact, Line, record
from apps.dmp import policies
from apps.dmp import services as dmp
from apps.dmp.models import Document
from apps.files import services as files
from apps.files.models import StoredFile
from apps.formats.cda.reader import read_cda
from apps.formats.errors import UnreadableInputError
from apps.formats.media import XML
from apps.mss.models import Attachment
from apps.spaces.majority import is_minor
from apps.spaces.models import HealthSpace

_KINDS = (Attachment.Kind.FILE, Attachment.Kind.DOCUMENT)
_REPRESENTATIVES = dmp.Visibility.INVISIBLE_TO_REPRESENTATIVES.value


class AttachmentNotFoundError(Exception):
    """No such attachment for this actor, or none that a record takes in: held, an archive, a copy (SEC-01, MSS-53)."""


class Fault(StrEnum):
    """Why an attachment was not saved."""

    TYPE = "type"
    METADATA = "metadata"  # a package that says nothing of its files (S09)
    SIZE = "size"
    WAITING = "waiting"  # the antivirus has not judged it yet
    INFECTED = "infected"
    GONE = "gone"
    AWAY = "away"
    REPLACED = "replaced"  # a later version is in the record
    UNREADABLE = "unreadable"
    REFUSED = "refused"  # by a rule of the record


class SaveRefusedError(Exception):
    """Nothing was saved; `refusal` has the code of the record where it was the one to refuse."""

    def __init__(self, fault: Fault, refusal: dmp.Refusal | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the page asked. Title, day and category count for files alone: a document of a professional has its own."""

    hidden: bool
    title: str = field(default="", repr=False)
    dated: date | None = None
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Savable:
    """An attachment before it is saved. `document`: it is in the record already (MSS-54); `is_clinical`: it carries its
    own title, day and category; `is_hidden` is the choice that the page starts with; `newer`: another version came, or
    it was asked back (MSS-52).
    """

    attachment: Attachment
    document: Document | None
    fault: Fault | None
    is_clinical: bool
    is_hidden: bool
    newer: Attachment | None


def savable(*, actor: Actor, attachment_id: UUID) -> Savable:
    """What the page says before the act. Raises `AttachmentNotFoundError`, `AccessDeniedError`."""
    policies.may_add(actor).required()
    attachment = _attachment(actor, attachment_id)
    newer = _newer(actor, attachment)
    document = _linked(actor, attachment)
    return Savable(
        attachment=attachment,
        document=document,
        fault=None if document is not None else _fault(attachment, newer),
        is_clinical=_is_clinical(attachment),
        is_hidden=_starts_hidden(attachment),
        newer=newer,
    )


def save_attachment(*, actor: Actor, attachment_id: UUID, answers: Answers, at: datetime) -> Document:
    """Put it into the record, or link it to the document that is there already; twice is once.

    Its bytes are looked at again there before anybody reads them. Raises `AttachmentNotFoundError`,
    `SaveRefusedError`, `AccessDeniedError` (a delegate who may not manage documents: SPA-55); nothing was kept then,
    and a line in the trail says why.
    """
    try:
        with transaction.atomic():
            return _save(actor, attachment_id, answers, at)
    except SaveRefusedError as error:
        facts: dict[str, Fact] = {"code": error.refusal.code if error.refusal else error.fault.value}
        target = f"attachment:{attachment_id}"
        record(actor=actor, at=at, line=Line(action="journeys.attachment.refuse", target=target, facts=facts))
        raise
    except AccessDeniedError as error:
        record(actor=actor, at=at, line=Line(action="journeys.attachment.save", decision=error.decision))
        raise


def _save(actor: Actor, attachment_id: UUID, answers: Answers, at: datetime) -> Document:
    decision = policies.may_add(actor).required()
    if actor.space_id is None:
        raise AccessDeniedError(policies.SPACE_NOT_OPEN)
    space = HealthSpace.objects.select_for_update(of=("self",)).select_related("identity").get(pk=actor.space_id)
    attachment = _attachment(actor, attachment_id)
    document = _linked(actor, attachment)
    was_there = document is not None
    if document is None:
        fault = _fault(attachment, _newer(actor, attachment))
        if fault is not None:
            raise SaveRefusedError(fault)
        document = _enter(actor, attachment, answers, is_minor=is_minor(space.identity.born_on, at=at), at=at)
    if attachment.document_id == document.id:
        return document
    attachment.document_id = document.id
    attachment.save(update_fields=["document_id"])
    facts: dict[str, Fact] = {"attachment": str(attachment.id), "was_there": was_there, "hidden": document.is_hidden}
    line = Line(action="journeys.attachment.save", target=f"document:{document.id}", decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
    return document


def _attachment(actor: Actor, attachment_id: UUID) -> Attachment:
    """One that is shown and that the record may take; what is kept from representatives they do not save (ACC-33)."""
    rows = Attachment.objects.visible_to(actor).filter(id=attachment_id, held="", kind__in=_KINDS)
    found = rows.filter(is_withdrawal=False).first()
    if found is None or (actor.role is not Role.HOLDER and _REPRESENTATIVES in found.labels):
        raise AttachmentNotFoundError(attachment_id)
    return found


def _linked(actor: Actor, attachment: Attachment) -> Document | None:
    """The document that it became, or that bears its identifier, as far as the actor may see it (MSS-54)."""
    rows = Document.objects.visible_to(actor)
    if attachment.document_id is not None:
        return rows.filter(id=attachment.document_id).first()
    return rows.filter(unique_id=attachment.unique_id).first() if attachment.unique_id else None


def _newer(actor: Actor, attachment: Attachment) -> Attachment | None:
    """The last one that replaces it or asks for it back (MSS-52)."""
    if not attachment.unique_id:
        return None
    others = Attachment.objects.visible_to(actor).filter(held="").exclude(id=attachment.id)
    replacing = others.filter(replaces=attachment.unique_id)
    asking = others.filter(unique_id=attachment.unique_id, is_withdrawal=True)
    return (replacing | asking).order_by("-id").first()


def _fault(attachment: Attachment, newer: Attachment | None) -> Fault | None:
    if newer is not None and newer.document_id is not None and not newer.is_withdrawal:
        return Fault.REPLACED
    if attachment.refused == "size" or (attachment.size > dmp.FILE_AT_MOST and not _is_clinical(attachment)):
        return Fault.SIZE
    if attachment.refused == "metadata":
        return Fault.METADATA
    if attachment.refused or (attachment.media_type not in dmp.MEDIA_TYPES and not _is_clinical(attachment)):
        return Fault.TYPE
    return _fault_of_file(attachment)


def _fault_of_file(attachment: Attachment) -> Fault | None:
    file = _file_of(attachment)
    if file is None or file.state == StoredFile.State.DESTROYED:
        return Fault.GONE
    if file.state == StoredFile.State.INFECTED:
        return Fault.INFECTED
    return None if file.is_readable else Fault.WAITING


def _file_of(attachment: Attachment) -> StoredFile | None:
    if attachment.vault_id is None or attachment.file_id is None:
        return None
    rows = StoredFile.objects.select_related("vault").filter(vault_id=attachment.vault_id, id=attachment.file_id)
    return rows.first()


def _is_clinical(attachment: Attachment) -> bool:
    """A CDA out of a package; its header was read when the message was filed."""
    return attachment.kind == Attachment.Kind.DOCUMENT and attachment.media_type == XML


def _starts_hidden(attachment: Attachment) -> bool:
    """What its producer hides from professionals starts hidden, and all documents of a space that says so (ACC-32)."""
    if dmp.Visibility.HIDDEN_FROM_PROFESSIONALS.value in attachment.labels:
        return True
    space = HealthSpace.objects.filter(pk=attachment.space_id)
    return space.values_list("new_documents_hidden", flat=True).get()


def _enter(actor: Actor, attachment: Attachment, answers: Answers, *, is_minor: bool, at: datetime) -> Document:
    data = _bytes_of(attachment)
    try:
        if _is_clinical(attachment):
            _refuse_unreadable(data)
            kept = {_REPRESENTATIVES} & set(attachment.labels) if is_minor else set()
            labels = frozenset(dmp.Visibility(label) for label in kept)
            return dmp.put(actor=actor, data=data, hidden=answers.hidden, labels=labels, at=at)
        return dmp.add_file(
            actor=actor,
            file=dmp.OwnFile(
                key=attachment.id,
                title=answers.title,
                dated=answers.dated or at.date(),
                category=answers.category,
                media_type=attachment.media_type,
                content=data,
            ),
            hidden=answers.hidden,
            at=at,
        )
    except dmp.DepositRefusedError as error:
        raise SaveRefusedError(Fault.REFUSED, error.refusal) from error
    except dmp.DocumentNotFoundError as error:  # it is there, but not for this reader (SEC-05)
        raise SaveRefusedError(Fault.REFUSED) from error


def _refuse_unreadable(data: bytes) -> None:
    try:
        read_cda(data)
    except UnreadableInputError as error:
        raise SaveRefusedError(Fault.UNREADABLE) from error


def _bytes_of(attachment: Attachment) -> bytes:
    file = _file_of(attachment)
    if file is None:
        raise SaveRefusedError(Fault.GONE)
    try:
        return files.read(file)
    except files.FileNotReadableError as error:
        infected = error.state == StoredFile.State.INFECTED
        raise SaveRefusedError(Fault.INFECTED if infected else Fault.WAITING) from error
    except files.FileGoneError as error:
        raise SaveRefusedError(Fault.GONE) from error
    except files.StoreUnavailableError as error:
        raise SaveRefusedError(Fault.AWAY) from error
