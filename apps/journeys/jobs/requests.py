"""Authors replace and withdraw documents that were saved from their messages (MSS-52).

A request stands in its attachment until it is answered there: what was told and lost is found again by `due`. It is
answered once, whoever carries it out and how often. Until the antivirus has judged the file nothing is done.

The CDA that is mailed is written by whoever mails it. So the box counts too, and what the record has changed is looked
at before it is kept: the document that a message brought, and no other one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from apps.access import SYSTEM, Actor, Rights
from apps.audit.services import Fact, Line, record
from apps.dmp import services as dmp
from apps.dmp.models import Document
from apps.files import services as files
from apps.files.models import StoredFile
from apps.mss.models import Attachment, Message
from apps.spaces.majority import is_minor
from apps.spaces.models import HealthSpace

logger = structlog.get_logger(__name__)

AT_MOST = 500
WAITS_AT_MOST = timedelta(days=1)  # for a version before it whose file nobody judges
_Answer = Attachment.Answer
_REQUESTS = ~Q(replaces="") | Q(is_withdrawal=True)
_JUDGED = (StoredFile.State.CLEAN, StoredFile.State.INFECTED, StoredFile.State.DESTROYED)
_CODES = {"900": _Answer.WRONG_VERSION, "901": _Answer.WRONG_AUTHOR}


def due(*, received_before: datetime | None = None, limit: int = AT_MOST) -> list[UUID]:
    """Requests without an answer whose file is judged, oldest first, of spaces that are open.

    Those that wait for another one come last: however many they are, they keep nobody from a sweep (REL-07).
    """
    file = StoredFile.objects.filter(vault_id=OuterRef("vault_id"), id=OuterRef("file_id"), state__in=_JUDGED)
    rows = Attachment.objects.filter(_REQUESTS, Exists(file), held="", answer="")
    rows = rows.filter(space__status=HealthSpace.Status.OPEN)
    if received_before is not None:
        rows = rows.filter(message__received_at__lt=received_before)
    about = Case(When(is_withdrawal=True, then=F("unique_id")), default=F("replaces"))
    earlier = _unanswered(space_id=OuterRef("space_id"), unique_id=OuterRef("about"), id__lt=OuterRef("id"))
    rows = rows.annotate(about=about).order_by(Exists(earlier), "id")
    return list(rows.values_list("id", flat=True)[:limit])


def waiting_for(*, vault_id: UUID, file_id: UUID) -> list[UUID]:
    """The request that this file is, if it is one."""
    rows = Attachment.objects.filter(_REQUESTS, vault_id=vault_id, file_id=file_id, held="", answer="")
    return list(rows.order_by("id").values_list("id", flat=True))


@transaction.atomic
def apply_request(*, attachment_id: UUID, at: datetime) -> str:
    """Carry one request out; returns its answer, empty while it waits. The message keeps its attachment."""
    asked = Attachment.objects.filter(_REQUESTS, id=attachment_id, held="", answer="")
    space_id = asked.values_list("space_id", flat=True).first()
    if space_id is None:
        return ""
    # The space first, then its rows: the order of every act on the record (whoever saves the attachment, too).
    space = HealthSpace.objects.select_for_update(of=("self",)).get(pk=space_id)
    attachment = asked.select_for_update(of=("self",)).first()
    if attachment is None or not space.is_open:
        return ""
    answer, document = _answered(attachment, at)
    if not answer:
        return ""
    attachment.answer = answer
    if document is not None and not attachment.is_withdrawal:
        attachment.document_id = document.id
    attachment.save(update_fields=["answer", "document_id"])
    facts: dict[str, Fact] = {"answer": answer, "document": str(document.id) if document else ""}
    line = Line(action="journeys.request.answer", target=f"attachment:{attachment.id}", facts=facts)
    record(actor=_portal(attachment.space_id, at), at=at, line=line)
    return answer


def _answered(attachment: Attachment, at: datetime) -> tuple[str, Document | None]:
    """Nothing while the version before is not answered, or when the file cannot be read now; another run finds it."""
    saved = _saved(attachment)
    if saved is None:
        return "" if _earlier_waits(attachment, at) else _Answer.NOT_SAVED, None
    if not _is_from_its_author(attachment, saved):
        return _Answer.WRONG_AUTHOR, None
    data = _bytes_of(attachment)
    if not isinstance(data, bytes):
        return data, None
    try:
        with transaction.atomic():  # what the record did to another document is undone
            return _carried_out(attachment, saved, data, at)
    except dmp.DocumentNotFoundError:
        return _Answer.NOT_SAVED, None
    except dmp.DepositRefusedError as error:
        logger.warning("mailbox_request_refused", code=error.refusal.code)
        return _CODES.get(error.refusal.code, _Answer.REFUSED), None


def _bytes_of(attachment: Attachment) -> bytes | str:
    """Its bytes; an answer for those that nobody will ever read, an empty one while they wait."""
    files_of = StoredFile.objects.select_related("vault")
    file = files_of.get(vault_id=attachment.vault_id, id=attachment.file_id)  # type: ignore[misc]  # what asks has bytes
    try:
        return files.read(file)
    except files.StoreUnavailableError:
        return ""
    except files.FileGoneError:
        return _Answer.REFUSED
    except files.FileNotReadableError as error:
        is_final = error.state in {StoredFile.State.INFECTED, StoredFile.State.DESTROYED}
        return _Answer.REFUSED if is_final else ""


def _carried_out(attachment: Attachment, saved: Document, data: bytes, at: datetime) -> tuple[str, Document]:
    """Raises what the record raises, and error 900 when another document than the saved one was changed, or none."""
    actor = _portal(attachment.space_id, at)
    changed: UUID | None
    if attachment.is_withdrawal:
        answer, document = _Answer.WITHDRAWN, dmp.withdraw_document(actor=actor, request=data, at=at)
        changed = document.id
    else:
        deposit = dmp.Deposit(data=data, visibility=_labels_of(attachment, at))
        answer, document = _Answer.REPLACED, dmp.deposit_document(actor=actor, deposit=deposit, at=at)
        changed = document.replaces_id
    if changed != saved.id:
        raise dmp.DepositRefusedError(dmp.Refusal(code="900"))
    return answer, document


def _labels_of(attachment: Attachment, at: datetime) -> frozenset[dmp.Visibility]:
    """As its author wrote them; only a minor keeps something from those who represent them (ACC-33)."""
    labels = frozenset(label for label in dmp.Visibility if label.value in attachment.labels)
    space = HealthSpace.objects.select_related("identity").get(pk=attachment.space_id)
    if is_minor(space.identity.born_on, at=at):
        return labels
    return labels - {dmp.Visibility.INVISIBLE_TO_REPRESENTATIVES}


def _about(attachment: Attachment) -> str:
    return attachment.unique_id if attachment.is_withdrawal else attachment.replaces


def _saved(attachment: Attachment) -> Document | None:
    """What it is about, if it was saved from another message: nothing else is a mailbox's to change."""
    about = _about(attachment)
    document = Document.objects.filter(space_id=attachment.space_id, unique_id=about).first() if about else None
    return document if document is not None and _brought(attachment, document).exists() else None


def _brought(attachment: Attachment, document: Document) -> QuerySet[Attachment]:
    """The others that it was saved from; what the holder sends names documents of the record too."""
    rows = Attachment.objects.filter(space_id=document.space_id, document_id=document.id).exclude(id=attachment.id)
    return rows.filter(message__direction=Message.Direction.RECEIVED)


def _is_from_its_author(attachment: Attachment, document: Document) -> bool:
    """From the box that brought these very bytes, or one that the directory gives to their author or organisation."""
    messages = Message.objects.select_related("correspondent").filter(space_id=attachment.space_id)
    box = messages.get(id=attachment.message_id).correspondent
    if box is None:
        return False
    if _brought(attachment, document).filter(sha1=document.sha1, message__correspondent_id=box.id).exists():
        return True
    return box.is_listed and box.national_id in {document.author_id, document.organisation_id} - {""}


def _earlier_waits(attachment: Attachment, at: datetime) -> bool:
    """The version that it is about came before by a request of its own that is not answered yet.

    Never a later one, so that no two wait for each other, and for a day at most (REL-07).
    """
    message = Message.objects.filter(space_id=attachment.space_id, id=attachment.message_id)
    if not message.filter(received_at__gt=at - WAITS_AT_MOST).exists():
        return False
    earlier = _unanswered(space_id=attachment.space_id, unique_id=_about(attachment), id__lt=attachment.id)
    return earlier.exists()


def _unanswered(**of: object) -> QuerySet[Attachment]:
    """Requests to replace, of one space and one identifier, that stand before another one."""
    rows = Attachment.objects.filter(held="", answer="", is_withdrawal=False, **of)
    return rows.exclude(replaces="").exclude(unique_id="")


def _portal(space_id: UUID, at: datetime) -> Actor:
    return replace(SYSTEM, at=at, space_id=space_id, rights=Rights(space_open=True))
