"""Drafts: one a conversation, one a box for a new one; nothing that somebody wrote is lost (MSS-36, M-03).

A draft keeps the id that its page gave it, and the message that is made of it bears the same: a form that is sent twice
is found again (`sent_from`). The holder and whoever writes for them share it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import AccessDeniedError, Actor
from apps.audit.services import Fact, Line, record
from apps.common.ids import uuid7
from apps.files import services as files
from apps.files.models import StoredFile
from apps.formats.mail.names import clean_line, clean_text
from apps.mss import policies
from apps.mss.bodies import Bodies
from apps.mss.models import Correspondent, Draft, DraftFile, Message, Thread
from apps.mss.services.attachable import (
    FILES_AT_MOST,
    FileFault,
    FileRefusedError,
    Upload,
    kind_of,
    name_of,
    room_of,
)
from apps.mss.services.locking import lock_space

SUBJECT_AT_MOST = 200


class DraftNotFoundError(Exception):
    """No such draft, conversation or box for this actor."""


class DraftChangedError(Exception):
    """The draft is not what the page showed: `draft` is how it stands. It was not written over, nor sent."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.id)
        self.draft = draft


class AlreadySentError(Exception):
    """The message of this draft has left: `message`."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.id)
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a draft belongs: to a conversation, or to a box for a new one; `correspondent_id` is who gets it first."""

    correspondent_id: UUID
    thread_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands in the form; `seen_at` is `saved_at` of the draft that the page showed, None for none."""

    draft_id: UUID
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page showed of a draft: its `saved_at`, None for none, its files, and whom it named as those who get the
    message; None where it named nobody.
    """

    saved_at: datetime | None
    file_ids: frozenset[UUID] = frozenset()
    box_ids: frozenset[UUID] | None = None

    def is_of(self, draft: Draft, rows: Iterable[DraftFile]) -> bool:
        """Whether the draft and its files are still those of the page."""
        return (self.saved_at, self.file_ids) == (draft.saved_at, frozenset(row.id for row in rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A file that lies in the vault of the space already: a document of the record, by its id (MSS-57)."""

    name: str = field(repr=False)
    media_type: str
    size: int
    vault_id: UUID
    file_id: UUID
    document_id: UUID


def find(*, actor: Actor, place: Place) -> Draft | None:
    """The draft of the conversation; of the box when there is no conversation."""
    if place.thread_id is not None:
        return of_thread(actor=actor, thread_id=place.thread_id)
    rows = Draft.objects.visible_to(actor).filter(thread_id=None)
    return rows.filter(correspondent_id=place.correspondent_id).first()


def of_thread(*, actor: Actor, thread_id: UUID) -> Draft | None:
    """The answer that was begun in a conversation, whoever it goes to."""
    return Draft.objects.visible_to(actor).filter(thread_id=thread_id).first()


def text_of(draft: Draft) -> str:
    """What was written. Raises what `Bodies` raises."""
    return Bodies(draft.space_id).open(draft.body_sealed, row_id=draft.id)


def files_of(*, actor: Actor, draft_id: UUID) -> list[DraftFile]:
    """Its files, in the order in which they were added."""
    return list(DraftFile.objects.visible_to(actor).filter(draft_id=draft_id).order_by("id"))


def sent_from(*, actor: Actor, draft_id: UUID) -> Message | None:
    """The message that was made of a draft."""
    sent = Message.objects.visible_to(actor).filter(direction=Message.Direction.SENT)
    return sent.filter(id=draft_id).first()


@transaction.atomic
def save(*, actor: Actor, place: Place, words: Words, at: datetime) -> Draft:
    """Keep what stands in the form. The text is cleaned of controls and of marks that turn the direction of writing.

    Who may no longer write to the box may still keep what they wrote; sending asks again.
    Raises `DraftNotFoundError`, `DraftChangedError`, `AlreadySentError`, `AccessDeniedError`.
    """
    decision = policies.may_manage(actor).required()
    lock_space(_space_of(actor))
    _refuse_elsewhere(actor, place)
    subject, text = clean_line(words.subject, limit=SUBJECT_AT_MOST), clean_text(words.text)
    draft = find(actor=actor, place=place)
    if draft is None:
        draft = _begin(actor, place, words.draft_id, text, at)
    else:
        old = (draft.subject, text_of(draft))
        if (*old, draft.correspondent_id) == (subject, text, place.correspondent_id):
            return draft
        if old != (subject, text) and (draft.id != words.draft_id or draft.saved_at != words.seen_at):
            raise DraftChangedError(draft)
        draft.correspondent_id = place.correspondent_id
    draft.subject, draft.body_sealed = subject, Bodies(draft.space_id).seal(text, row_id=draft.id)
    draft.saved_by_id, draft.saved_at = _person_of(actor), at
    draft.save()
    record(actor=actor, at=at, line=Line(action="mss.draft.save", target=f"draft:{draft.id}", decision=decision))
    return draft


@transaction.atomic
def add_file(*, actor: Actor, draft_id: UUID, upload: Upload, at: datetime) -> DraftFile:
    """Add a file of the device: its kind by content, its name cleaned, its size against what still fits (MSS-56).

    It is not sent before the antivirus has judged it (MSS-58). Raises `FileRefusedError`, `DraftNotFoundError`,
    `AccessDeniedError`, `StoreUnavailableError`, `MasterKeyMissingError`: nothing was kept.
    """
    decision = policies.may_manage(actor).required()
    draft = _locked(actor, draft_id)
    media_type = kind_of(upload.data)
    present = files_of(actor=actor, draft_id=draft.id)
    if (same := _same(present, upload)) is not None:
        return same
    _refuse_too_much(present, len(upload.data))
    content = files.Content(data=upload.data, media_type=media_type)
    file = files.store(space_id=draft.space_id, content=content, at=at)
    row = DraftFile.objects.create(
        space_id=draft.space_id,
        draft_id=draft.id,
        name=name_of(upload.name, media_type=media_type),
        media_type=media_type,
        size=file.size,
        vault_id=file.vault_id,
        file_id=file.id,
    )
    facts: dict[str, Fact] = {"size": file.size, "kind": media_type}
    line = Line(action="mss.draft.file_add", target=f"draft:{draft.id}", decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
    return row


@transaction.atomic
def add_document(*, actor: Actor, draft_id: UUID, added: Added, at: datetime) -> DraftFile:
    """Add a document of the record, whose bytes stay where they are; twice is once (MSS-57).

    The caller has asked whether the actor may read it. Raises `FileRefusedError`, `DraftNotFoundError`,
    `AccessDeniedError`.
    """
    decision = policies.may_manage(actor).required()
    draft = _locked(actor, draft_id)
    present = files_of(actor=actor, draft_id=draft.id)
    for row in present:
        if row.document_id == added.document_id:
            return row
    _refuse_too_much(present, added.size)
    row = DraftFile.objects.create(
        space_id=draft.space_id,
        draft_id=draft.id,
        name=added.name,
        media_type=added.media_type,
        size=added.size,
        vault_id=added.vault_id,
        file_id=added.file_id,
        document_id=added.document_id,
    )
    facts: dict[str, Fact] = {"size": added.size, "kind": added.media_type, "document": str(added.document_id)}
    line = Line(action="mss.draft.file_add", target=f"draft:{draft.id}", decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
    return row


@transaction.atomic
def remove_file(*, actor: Actor, draft_id: UUID, row_id: UUID, at: datetime) -> None:
    """Take a file out; its bytes are destroyed, but not those of a document of the record. Twice is once.

    Raises `DraftNotFoundError`, `AccessDeniedError`.
    """
    decision = policies.may_manage(actor).required()
    draft = _locked(actor, draft_id)
    rows = [row for row in files_of(actor=actor, draft_id=draft.id) if row.id == row_id]
    if rows:
        _drop(rows, at)
        line = Line(action="mss.draft.file_remove", target=f"draft:{draft.id}", decision=decision)
        record(actor=actor, at=at, line=line)


@transaction.atomic
def discard(*, actor: Actor, draft_id: UUID, at: datetime, seen: Seen | None = None) -> None:
    """Throw the draft away with its files; twice is once. `seen`: what its page showed, None where nobody looks.

    Raises `DraftChangedError`, `AccessDeniedError`: nothing was thrown away.
    """
    decision = policies.may_manage(actor).required()
    try:
        draft = _locked(actor, draft_id)
    except DraftNotFoundError:
        return
    rows = files_of(actor=actor, draft_id=draft.id)
    if seen is not None and not seen.is_of(draft, rows):
        raise DraftChangedError(draft)
    _drop(rows, at)
    target = f"draft:{draft.id}"
    draft.delete()
    record(actor=actor, at=at, line=Line(action="mss.draft.discard", target=target, decision=decision))


def _begin(actor: Actor, place: Place, draft_id: UUID, text: str, at: datetime) -> Draft:
    """A new one, under another id where the wanted one left with another text: a text is not lost with a repeat."""
    sent = sent_from(actor=actor, draft_id=draft_id)
    if sent is not None and text in {"", Bodies(sent.space_id).open(sent.body_sealed, row_id=sent.id)}:
        raise AlreadySentError(sent)
    is_taken = sent is not None or Draft.objects.filter(space_id=actor.space_id, id=draft_id).exists()
    return Draft(
        id=uuid7() if is_taken else draft_id,
        space_id=_space_of(actor),
        thread_id=place.thread_id,
        correspondent_id=place.correspondent_id,
        saved_at=at,
    )


def _space_of(actor: Actor) -> UUID:
    if actor.space_id is None:
        raise AccessDeniedError(policies.SPACE_NOT_OPEN)
    return actor.space_id


def _person_of(actor: Actor) -> UUID:
    """What is written for a holder is always written by somebody (MSS-14)."""
    if actor.user_id is None:
        raise AccessDeniedError(policies.NO_ROLE)
    return actor.user_id


def _locked(actor: Actor, draft_id: UUID) -> Draft:
    lock_space(_space_of(actor))
    draft = Draft.objects.visible_to(actor).filter(id=draft_id).first()
    if draft is None:
        raise DraftNotFoundError(draft_id)
    return draft


def _refuse_elsewhere(actor: Actor, place: Place) -> None:
    boxes = Correspondent.objects.visible_to(actor)
    threads = Thread.objects.visible_to(actor)
    if not boxes.filter(id=place.correspondent_id).exists():
        raise DraftNotFoundError(place.correspondent_id)
    if place.thread_id is not None and not threads.filter(id=place.thread_id).exists():
        raise DraftNotFoundError(place.thread_id)


def _refuse_too_much(present: list[DraftFile], size: int) -> None:
    room = room_of(row.size for row in present)
    if len(present) >= FILES_AT_MOST:
        raise FileRefusedError(FileFault.TOO_MANY, room=room)
    if size > room:
        raise FileRefusedError(FileFault.TOO_LARGE, room=room)


def _same(present: list[DraftFile], upload: Upload) -> DraftFile | None:
    """The row of a file with the same bytes that was added from a device before."""
    digest = hashlib.sha256(upload.data).hexdigest()
    ids = [row.file_id for row in present if row.document_id is None]
    same = StoredFile.objects.filter(id__in=ids, sha256=digest).values_list("id", flat=True).first()
    return next((row for row in present if row.file_id == same), None) if same is not None else None


def _drop(rows: list[DraftFile], at: datetime) -> None:
    for row in rows:
        if row.document_id is None:
            files.discard(vault_id=row.vault_id, file_id=row.file_id, at=at)
        row.delete()
