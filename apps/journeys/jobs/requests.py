"""Authors replace and withdraw documents that were saved from their messages (MSS-52).

A request stands in its attachment until it is answered there: what was told and lost is found again by `due`. It is
answered once, whoever carries it out and how often. Until the antivirus has judged the file nothing is done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.access import SYSTEM, Actor, Rights
from apps.audit.services import Fact, Line, record
from apps.dmp import services as dmp
from apps.dmp.models import Document
from apps.files import services as files
from apps.files.models import StoredFile
from apps.mss.models import Attachment
from apps.spaces.models import HealthSpace

logger = structlog.get_logger(__name__)

AT_MOST = 500
_Answer = Attachment.Answer
_REQUESTS = ~Q(replaces="") | Q(is_withdrawal=True)
_JUDGED = (StoredFile.State.CLEAN, StoredFile.State.INFECTED, StoredFile.State.DESTROYED)
_CODES = {"900": _Answer.WRONG_VERSION, "901": _Answer.WRONG_AUTHOR}


def due(*, received_before: datetime | None = None, limit: int = AT_MOST) -> list[UUID]:
    """Requests without an answer whose file is judged, oldest first, of spaces that are open."""
    file = StoredFile.objects.filter(vault_id=OuterRef("vault_id"), id=OuterRef("file_id"), state__in=_JUDGED)
    rows = Attachment.objects.filter(_REQUESTS, Exists(file), held="", answer="")
    rows = rows.filter(space__status=HealthSpace.Status.OPEN)
    if received_before is not None:
        rows = rows.filter(message__received_at__lt=received_before)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def waiting_for(*, vault_id: UUID, file_id: UUID) -> list[UUID]:
    """The request that this file is, if it is one."""
    rows = Attachment.objects.filter(_REQUESTS, vault_id=vault_id, file_id=file_id, held="", answer="")
    return list(rows.order_by("id").values_list("id", flat=True))


@transaction.atomic
def apply_request(*, attachment_id: UUID, at: datetime) -> str:
    """Carry one request out; returns its answer, empty while it waits. The message keeps its attachment."""
    rows = Attachment.objects.select_for_update(of=("self",))
    attachment = rows.filter(_REQUESTS, id=attachment_id, held="", answer="").first()
    if attachment is None:
        return ""
    space = HealthSpace.objects.select_for_update(of=("self",)).get(pk=attachment.space_id)
    if not space.is_open or _earlier_waits(attachment):
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
    """Nothing when the file cannot be read now; another run finds it."""
    if not _is_saved(attachment):
        return _Answer.NOT_SAVED, None
    data = _bytes_of(attachment)
    if not isinstance(data, bytes):
        return data, None
    try:
        return _carried_out(attachment, data, at)
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


def _carried_out(attachment: Attachment, data: bytes, at: datetime) -> tuple[str, Document]:
    actor = _portal(attachment.space_id, at)
    if attachment.is_withdrawal:
        return _Answer.WITHDRAWN, dmp.withdraw_document(actor=actor, request=data, at=at)
    labels = frozenset(label for label in dmp.Visibility if label.value in attachment.labels)
    deposit = dmp.Deposit(data=data, visibility=labels - {dmp.Visibility.INVISIBLE_TO_REPRESENTATIVES})
    return _Answer.REPLACED, dmp.deposit_document(actor=actor, deposit=deposit, at=at)


def _is_saved(attachment: Attachment) -> bool:
    """Whether what it is about was saved from another message: nothing else is a mailbox's to change."""
    about = attachment.unique_id if attachment.is_withdrawal else attachment.replaces
    document = Document.objects.filter(space_id=attachment.space_id, unique_id=about).first() if about else None
    if document is None:
        return False
    saved = Attachment.objects.filter(space_id=attachment.space_id, document_id=document.id)
    return saved.exclude(id=attachment.id).exists()


def _earlier_waits(attachment: Attachment) -> bool:
    """The version that it is about came by a request of its own that is not answered yet."""
    about = attachment.unique_id if attachment.is_withdrawal else attachment.replaces
    others = Attachment.objects.filter(space_id=attachment.space_id, unique_id=about, held="", answer="")
    return bool(about) and others.exclude(replaces="").exclude(id=attachment.id).filter(is_withdrawal=False).exists()


def _portal(space_id: UUID, at: datetime) -> Actor:
    return replace(SYSTEM, at=at, space_id=space_id, rights=Rights(space_open=True))
