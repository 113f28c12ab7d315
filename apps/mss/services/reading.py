"""Opening a conversation or what came with it: the content and its line in the trail commit together (SEC-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from apps.access import Actor
from apps.audit.services import Fact, Line, record
from apps.files import services as files
from apps.files.gateways.base import StoreUnavailableError
from apps.files.models import StoredFile
from apps.mss import counters, policies
from apps.mss.models import Attachment, Message, Thread

GONE, AWAY = "gone", "away"


class ThreadNotFoundError(Exception):
    """No such conversation for this actor (SEC-01)."""


class ContentNotFoundError(Exception):
    """No such attachment or message for this actor, or it is held from its reader (SEC-01, MSS-53)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Bytes of an attachment or a raw message; None while `problem` says why: a state of the file, gone, or away."""

    row: Attachment | Message
    data: bytes | None
    problem: str = ""


def unread_threads(actor: Actor) -> int:
    """Conversations with something unread, outside the bin: the number of the menu (MSS-35, S46)."""
    return Thread.objects.visible_to(actor).filter(unread__gt=0, binned_at=None).count()


@transaction.atomic
def open_thread(*, actor: Actor, thread_id: UUID, at: datetime) -> Thread:
    """Open a conversation: it is read from now on, by whoever of the holder's side opened it (MSS-35, MSS-62).

    Raises `ThreadNotFoundError`.
    """
    thread = Thread.objects.visible_to(actor).filter(id=thread_id).first()
    if thread is None:
        raise ThreadNotFoundError(thread_id)
    if thread.unread and counters.locked(space_id=thread.space_id, thread_id=thread.id) is not None:
        counters.mark_read(space_id=thread.space_id, thread_id=thread.id, at=at)
    facts: dict[str, Fact] = {"messages": thread.messages}
    target, decision = f"thread:{thread.id}", policies.may_read(actor)
    line = Line(action="mss.message.read", target=target, decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
    return thread


@transaction.atomic
def mark_unread(*, actor: Actor, thread_id: UUID, at: datetime) -> bool:
    """The last message that came is unread again; False where nothing ever came. Twice is once.

    Raises `ThreadNotFoundError`.
    """
    decision = policies.may_read(actor)
    if not Thread.objects.visible_to(actor).filter(id=thread_id).exists() or actor.space_id is None:
        raise ThreadNotFoundError(thread_id)
    counters.locked(space_id=actor.space_id, thread_id=thread_id)
    received = Message.objects.visible_to(actor).filter(
        thread_id=thread_id, direction=Message.Direction.RECEIVED, kind=Message.Kind.LETTER
    )
    last = received.order_by("-received_at", "-id").first()
    if last is None:
        return False
    Message.objects.filter(space_id=last.space_id, id=last.id).update(read_at=None)
    counters.recount(space_id=last.space_id, thread_id=thread_id)
    record(actor=actor, at=at, line=Line(action="mss.message.unread", target=f"thread:{thread_id}", decision=decision))
    return True


def attachment_of(*, actor: Actor, attachment_id: UUID) -> Attachment:
    """One attachment that is not held, without its bytes. Raises `ContentNotFoundError`."""
    rows = Attachment.objects.visible_to(actor).filter(id=attachment_id).select_related("message")
    found = rows.first()
    if found is None:
        raise ContentNotFoundError(attachment_id)
    return found


@transaction.atomic
def read_attachment(*, actor: Actor, attachment_id: UUID, at: datetime, keeps: bool = False) -> Content:
    """Its bytes, when the antivirus has found nothing; `keeps` for a copy. Raises `ContentNotFoundError`."""
    row = attachment_of(actor=actor, attachment_id=attachment_id)
    action = "mss.attachment.download" if keeps else "mss.attachment.read"
    decision = policies.may_read(actor)
    return _read(actor, row, Line(action=action, target=f"attachment:{row.id}", decision=decision), at)


def originals_of(*, actor: Actor, thread_id: UUID) -> set[UUID]:
    """Messages of a conversation whose original the actor may have now: the antivirus has judged it."""
    clean = StoredFile.objects.filter(
        vault_id=OuterRef("vault_id"), id=OuterRef("file_id"), state=StoredFile.State.CLEAN
    )
    rows = Message.objects.visible_to(actor).whole_for(actor).filter(Exists(clean), thread_id=thread_id)
    return set(rows.values_list("id", flat=True))


@transaction.atomic
def read_raw(*, actor: Actor, message_id: UUID, at: datetime) -> Content:
    """A message as it came (MSS-39); none where a part is held or kept from them. Raises `ContentNotFoundError`."""
    row = Message.objects.visible_to(actor).whole_for(actor).filter(id=message_id, file_id__isnull=False).first()
    if row is None:
        raise ContentNotFoundError(message_id)
    decision = policies.may_read(actor)
    return _read(actor, row, Line(action="mss.message.download", target=f"message:{row.id}", decision=decision), at)


def _read(actor: Actor, row: Attachment | Message, line: Line, at: datetime) -> Content:
    """Only what is given out leaves a line of its own."""
    kept = row.vault_id is not None and row.file_id is not None
    file = StoredFile.objects.filter(pk=(row.vault_id, row.file_id)).first() if kept else None
    if file is None:
        return Content(row=row, data=None, problem=GONE)
    try:
        data = files.read(file)
    except files.FileNotReadableError as error:
        return Content(row=row, data=None, problem=error.state)
    except files.FileGoneError:
        return Content(row=row, data=None, problem=GONE)
    except StoreUnavailableError:
        return Content(row=row, data=None, problem=AWAY)
    record(actor=actor, at=at, line=line)
    return Content(row=row, data=data)
