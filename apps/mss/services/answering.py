"""A draft leaves as a message: to the box that wrote, or to all boxes of the conversation (M-03, MSS-20 to MSS-31)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.access import AccessDeniedError, Actor, Decision
from apps.audit.services import Fact, Line, record
from apps.common.limits import allow
from apps.common.tasks import enqueue
from apps.files.models import StoredFile
from apps.formats import media
from apps.formats.mail.composing import is_identifier
from apps.mss import counters, policies, searching, tasks
from apps.mss.bodies import Bodies
from apps.mss.models import Attachment, Correspondent, Draft, DraftFile, Message, OutgoingMail, Thread
from apps.mss.services.answerable import boxes_of
from apps.mss.services.attachable import room_of
from apps.mss.services.drafting import DraftChangedError, Seen
from apps.mss.services.locking import lock_space

LIMIT = "mss_send"  # messages of one space (MSS-84)
_MOST_REFERENCES = 49
_SENT = Message.Direction.SENT


class DraftMissingError(Exception):
    """No such draft for this actor; it may have left already."""


class ReceiversChangedError(Exception):
    """Others would get the message than its page named: nothing was sent."""


class Missing(StrEnum):
    TEXT = "text"
    SUBJECT = "subject"


class EmptyMessageError(Exception):
    """A message needs a text, and a new conversation a subject (MSS-31)."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.value)
        self.missing = missing


class UnsafeFileError(Exception):
    """A virus was found in a file of the draft, or nobody could check it (MSS-58); `row_id` is the one of the draft."""

    def __init__(self, row_id: UUID) -> None:
        super().__init__(row_id)
        self.row_id = row_id


class MessageTooLargeError(Exception):
    """All files together are more than a message may be (MSS-56)."""


class TooManyMessagesError(Exception):
    """More messages than an hour allows (MSS-84); `retry_at` says when the next one may leave."""

    def __init__(self, retry_at: datetime | None) -> None:
        super().__init__(retry_at)
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """What leaves, checked; `answers` is what it answers, with the ids before it."""

    draft: Draft
    thread: Thread | None
    boxes: tuple[Correspondent, ...]
    files: tuple[DraftFile, ...]
    text: str = field(repr=False)
    answers: str = ""
    references: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return self.thread.subject if self.thread is not None and self.thread.subject else self.draft.subject


def send(*, actor: Actor, draft_id: UUID, to_all: bool, at: datetime, seen: Seen | None = None) -> Message:
    """Send a draft: its message stands in the conversation, its mails wait in the queue, the draft is gone.

    The message keeps the id of its draft: whoever sends it twice gets the same message. With `to_all` it also goes to
    the other boxes of the conversation that may be written to; those that ended the exchange are left out. `seen` is
    what the sender was shown, None where nobody looks. The sending is queued after the commit.

    Raises `DraftMissingError`, `DraftChangedError`, `ReceiversChangedError`; `AccessDeniedError` (MSS-20, MSS-24,
    MSS-37, SPA-55); `EmptyMessageError`, `UnsafeFileError`, `MessageTooLargeError`, `TooManyMessagesError`; what
    `Bodies` raises. Nothing is changed then, but a refusal leaves a line.
    """
    try:
        return _send(actor, draft_id, to_all=to_all, at=at, seen=seen)
    except AccessDeniedError as error:
        line = Line(action="mss.message.send", target=f"draft:{draft_id}", decision=error.decision)
        record(actor=actor, at=at, line=line)
        raise


@transaction.atomic
def _send(actor: Actor, draft_id: UUID, *, to_all: bool, at: datetime, seen: Seen | None) -> Message:
    policies.may_manage(actor).required()
    space_id, author_id = actor.space_id, actor.user_id
    if space_id is None or author_id is None:
        raise AccessDeniedError(policies.NO_ROLE)
    lock_space(space_id)
    sent = Message.objects.filter(space_id=space_id, id=draft_id, direction=_SENT).first()
    if sent is not None:
        return sent
    draft, rows = _found(space_id, draft_id, seen)
    letter, decision = _checked(actor, draft, rows, to_all=to_all)
    if seen is not None and seen.box_ids not in {None, frozenset(box.id for box in letter.boxes)}:
        raise ReceiversChangedError
    verdict = allow(act=LIMIT, key=str(space_id), at=at)
    if not verdict.allowed:
        raise TooManyMessagesError(verdict.retry_at)
    thread = letter.thread or _begun(letter, at)
    message = _message(actor, letter, thread, at)
    _attach(letter, message)
    _queue(letter, message, at)
    counters.recount(space_id=space_id, thread_id=thread.id)
    DraftFile.objects.filter(space_id=space_id, draft_id=letter.draft.id).delete()
    Draft.objects.filter(space_id=space_id, id=letter.draft.id).delete()
    _trace(actor, message, letter, decision, at)
    enqueue(tasks.send_mails)
    return message


def _found(space_id: UUID, draft_id: UUID, seen: Seen | None) -> tuple[Draft, tuple[DraftFile, ...]]:
    """The draft, locked, with its files: those that were `seen`, or it does not leave."""
    draft = Draft.objects.select_for_update(of=("self",)).filter(space_id=space_id, id=draft_id).first()
    if draft is None:
        raise DraftMissingError(draft_id)
    rows = tuple(DraftFile.objects.filter(space_id=space_id, draft_id=draft.id).order_by("id"))
    if seen is not None and not seen.is_of(draft, rows):
        raise DraftChangedError(draft)
    return draft, rows


def _checked(actor: Actor, draft: Draft, rows: tuple[DraftFile, ...], *, to_all: bool) -> tuple[_Letter, Decision]:
    """The draft as a letter that may leave; raises what `send` does."""
    space_id = draft.space_id
    thread = counters.locked(space_id=space_id, thread_id=draft.thread_id) if draft.thread_id else None
    box = Correspondent.objects.get(space_id=space_id, id=draft.correspondent_id)
    decision = policies.may_write(actor, box, thread).required()
    others = _others(actor, box, thread) if to_all and thread is not None else ()
    text = Bodies(space_id).open(draft.body_sealed, row_id=draft.id)
    answers, references = _place(draft, thread)
    letter = _Letter(
        draft=draft, thread=thread, boxes=(box, *others), files=rows, text=text,
        answers=answers, references=references,
    )  # fmt: skip
    _require_whole(letter)
    _require_safe(letter.files)
    return letter, decision


def _others(actor: Actor, box: Correspondent, thread: Thread) -> tuple[Correspondent, ...]:
    """The other boxes of the conversation that may be written to, as its page names them."""
    found = (each for each in boxes_of(actor=actor, thread=thread) if each.id != box.id)
    return tuple(each for each in found if policies.may_write(actor, each, thread))


def _place(draft: Draft, thread: Thread | None) -> tuple[str, tuple[str, ...]]:
    """What the letter answers: the last one of its box, else the last one of the conversation (MSS-30)."""
    if thread is None:
        return "", ()
    letters = Message.objects.filter(space_id=thread.space_id, thread_id=thread.id).order_by("-received_at", "-id")
    last = letters.filter(correspondent_id=draft.correspondent_id, direction=Message.Direction.RECEIVED).first()
    last = last or letters.first()
    if last is None or not is_identifier(last.message_id):
        return "", ()
    before = [each for each in last.references if is_identifier(each)][-_MOST_REFERENCES:]
    return last.message_id, (*before, last.message_id)


def _require_whole(letter: _Letter) -> None:
    if not letter.text.strip():
        raise EmptyMessageError(Missing.TEXT)
    if letter.thread is None and not letter.subject.strip():
        raise EmptyMessageError(Missing.SUBJECT)
    if sum(row.size for row in letter.files) > room_of(()):
        raise MessageTooLargeError


def _require_safe(rows: tuple[DraftFile, ...]) -> None:
    """A file that waits for the antivirus may be sent: its message waits with it."""
    states = dict(StoredFile.objects.filter(id__in=[row.file_id for row in rows]).values_list("id", "state"))
    sendable = {StoredFile.State.WAITING, StoredFile.State.CLEAN}
    for row in rows:
        if states.get(row.file_id) not in sendable:
            raise UnsafeFileError(row.id)


def _begun(letter: _Letter, at: datetime) -> Thread:
    draft = letter.draft
    return Thread.objects.create(space_id=draft.space_id, subject=draft.subject, started_at=at, last_at=at)


def _message(actor: Actor, letter: _Letter, thread: Thread, at: datetime) -> Message:
    message = Message(
        id=letter.draft.id,
        space_id=letter.draft.space_id,
        thread_id=thread.id,
        direction=_SENT,
        message_id=f"{secrets.token_hex(16)}@{settings.MSS_PATIENT_DOMAIN}",
        answers=letter.answers,
        references=list(letter.references),
        correspondent_id=letter.boxes[0].id,
        recipients=[{"name": box.display_name, "is_copy": False} for box in letter.boxes],
        subject=letter.subject,
        dated_at=at,
        received_at=at,
        author_id=actor.user_id,
        author_role=actor.role.value,
        software=settings.MSS_SOFTWARE,
    )
    message.body_sealed = Bodies(message.space_id).seal(letter.text, row_id=message.id)
    names = [box.display_name for box in letter.boxes] + [row.name for row in letter.files]
    message.search = searching.vector(message.subject, "\n".join(names), letter.text)
    message.save(force_insert=True)
    return message


def _attach(letter: _Letter, message: Message) -> None:
    """Bytes stay where they are: files of the draft, or those of documents of the record."""
    stored = StoredFile.objects.filter(id__in=[row.file_id for row in letter.files])
    types = dict(stored.values_list("id", "media_type")) if letter.files else {}
    for position, row in enumerate(letter.files):
        is_document = row.document_id is not None and media.normal_type(types.get(row.file_id, "")) == media.XML
        Attachment.objects.create(
            space_id=message.space_id,
            message_id=message.id,
            position=position,
            kind=Attachment.Kind.DOCUMENT if is_document else Attachment.Kind.FILE,
            name=row.name,
            title=row.name[:250] if is_document else "",
            media_type=row.media_type,
            size=row.size,
            vault_id=row.vault_id,
            file_id=row.file_id,
            document_id=row.document_id,
        )


def _queue(letter: _Letter, message: Message, at: datetime) -> None:
    """One mail for each box, all under one id: each leaves, fails and is repeated on its own."""
    for box in letter.boxes:
        OutgoingMail.objects.create(
            space_id=message.space_id,
            kind=OutgoingMail.Kind.LETTER,
            key=f"letter:{message.id}:{box.id}",
            address=box.address,
            rfc_message_id=message.message_id,
            message_id=message.id,
            written_at=at,
            due_at=at,
        )


def _trace(actor: Actor, message: Message, letter: _Letter, decision: Decision, at: datetime) -> None:
    facts: dict[str, Fact] = {
        "recipients": len(letter.boxes),
        "attachments": len(letter.files),
        "documents": sum(row.document_id is not None for row in letter.files),
        "thread": str(message.thread_id),
    }
    line = Line(action="mss.message.send", target=f"message:{message.id}", decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
