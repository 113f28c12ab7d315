"""Folders of a space: flat, each name once; what is in them stays in the list of documents (DMP-61)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from apps.access import AccessDeniedError, Actor
from apps.audit.services import Line, events_of, record
from apps.common.ids import uuid7
from apps.common.text import fold
from apps.dmp import policies
from apps.dmp.models import Document, Folder
from apps.dmp.models.folder import NAME_AT_MOST
from apps.spaces.models import HealthSpace

FOLDERS_AT_MOST = 100


class FolderNotFoundError(Exception):
    """No such folder for this actor: unknown and forbidden are the same (SEC-01)."""


class FolderFault(StrEnum):
    """Why a folder was not made or not renamed."""

    NAME_EMPTY = "name-empty"
    NAME_TOO_LONG = "name-too-long"
    NAME_TAKEN = "name-taken"
    TOO_MANY = "too-many"


class FolderRefusedError(Exception):
    """Nothing was stored; pages put the fault into words."""

    def __init__(self, fault: FolderFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedFolder:
    """A folder and how many of its documents the reader finds in their list."""

    folder: Folder
    count: int


def folders_of(*, actor: Actor) -> list[Folder]:
    """Folders of the space in alphabetical order; none for professionals."""
    return list(Folder.objects.visible_to(actor).in_alphabetical_order())


def counted_folders(*, actor: Actor) -> list[CountedFolder]:
    """The same with their counts, by two queries: a document kept from the reader is in no count (SEC-05)."""
    return [CountedFolder(folder=one, count=count) for one, count in _counted(actor, folders_of(actor=actor))]


def counted_folder(*, actor: Actor, folder_id: UUID) -> CountedFolder:
    """One of them. Raises `FolderNotFoundError`."""
    folder = Folder.objects.visible_to(actor).filter(id=folder_id).first()
    if folder is None:
        raise FolderNotFoundError(folder_id)
    return CountedFolder(folder=folder, count=_counted(actor, [folder])[0][1])


@transaction.atomic
def create_folder(*, actor: Actor, folder_id: UUID, name: str, at: datetime) -> Folder:
    """Make a folder; the same id and name twice make one, as from a form that was sent twice.

    `folder_id`: id of the folder to be, of 50 characters at most its `name`. Raises `FolderRefusedError`,
    `AccessDeniedError`. Source: docs/domain/documents.md, DMP-61.
    """
    decision, space_id = policies.may_arrange(actor).required(), lock_space(actor)
    written = _written(name)
    known = Folder.objects.filter(space_id=space_id, id=folder_id).first()
    if known is not None and known.folded == fold(written):
        return known
    _refuse_taken(space_id, written)
    if Folder.objects.filter(space_id=space_id).count() >= FOLDERS_AT_MOST:
        raise FolderRefusedError(FolderFault.TOO_MANY)
    folder = Folder.objects.create(
        space_id=space_id, id=uuid7() if known else folder_id, name=written, folded=fold(written), created_at=at
    )
    record(actor=actor, at=at, line=Line(action="dmp.folder.create", target=f"folder:{folder.id}", decision=decision))
    return folder


@transaction.atomic
def rename_folder(*, actor: Actor, folder_id: UUID, name: str, at: datetime) -> Folder:
    """Give a folder another name; the name that it has changes nothing.

    Raises `FolderNotFoundError`, `FolderRefusedError`, `AccessDeniedError`.
    """
    folder = folder_to_change(actor=actor, folder_id=folder_id)
    decision = policies.may_arrange(actor).required()
    written = _written(name)
    if folder.name == written:
        return folder
    if folder.folded != fold(written):
        _refuse_taken(folder.space_id, written)
    folder.name, folder.folded = written, fold(written)
    folder.save(update_fields=["name", "folded"])
    record(actor=actor, at=at, line=Line(action="dmp.folder.rename", target=f"folder:{folder.id}", decision=decision))
    return folder


@transaction.atomic
def delete_folder(*, actor: Actor, folder_id: UUID, at: datetime) -> None:
    """Delete a folder; its documents stay, in no folder. Twice is once.

    It reaches documents that the actor may not see as well, so it says no number (SEC-05).
    Raises `FolderNotFoundError`, `AccessDeniedError`.
    """
    target = f"folder:{folder_id}"
    try:
        folder = folder_to_change(actor=actor, folder_id=folder_id)
    except FolderNotFoundError:
        if _was_deleted(actor, target):
            return
        raise
    decision = policies.may_arrange(actor).required()
    Document.objects.filter(space_id=folder.space_id, folder_id=folder.id).update(folder_id=None)
    folder.delete()
    record(actor=actor, at=at, line=Line(action="dmp.folder.delete", target=target, decision=decision))


def lock_space(actor: Actor) -> UUID:
    """Hold the space until the transaction ends: a deposit gives a new version its folder before or after, never
    between (`deposit_document` has the same lock). Raises `AccessDeniedError` for a space that has closed meanwhile.
    """
    space_id = actor.space_id
    if space_id is None or not HealthSpace.objects.select_for_update(of=("self",)).get(pk=space_id).is_open:
        raise AccessDeniedError(policies.SPACE_NOT_OPEN)
    return space_id


def folder_to_change(*, actor: Actor, folder_id: UUID) -> Folder:
    """The folder, with the space held. Raises `FolderNotFoundError`, `AccessDeniedError` as `lock_space` does."""
    lock_space(actor)
    folder = Folder.objects.visible_to(actor).filter(id=folder_id).first()
    if folder is None:
        raise FolderNotFoundError(folder_id)
    return folder


def _counted(actor: Actor, folders: list[Folder]) -> list[tuple[Folder, int]]:
    listed = Document.objects.visible_to(actor).current_for(actor).filter(folder_id__in=[one.id for one in folders])
    counts = dict(listed.order_by().values_list("folder_id").annotate(number=Count("id")))
    return [(one, counts.get(one.id, 0)) for one in folders]


def _written(name: str) -> str:
    """The name on one line, without what nobody sees (controls, marks of direction)."""
    seen = "".join(letter for letter in unicodedata.normalize("NFC", name) if letter.isprintable() or letter.isspace())
    written = " ".join(seen.split())
    if not fold(written):
        raise FolderRefusedError(FolderFault.NAME_EMPTY)
    if len(written) > NAME_AT_MOST:
        raise FolderRefusedError(FolderFault.NAME_TOO_LONG)
    return written


def _refuse_taken(space_id: UUID, written: str) -> None:
    if Folder.objects.filter(space_id=space_id, folded=fold(written)).exists():
        raise FolderRefusedError(FolderFault.NAME_TAKEN)


def _was_deleted(actor: Actor, target: str) -> bool:
    """By this person, in this space: somebody else's folder stays unknown."""
    if actor.space_id is None or not policies.may_arrange(actor):
        return False
    lines = events_of(actor.space_id).filter(target=target, action="dmp.folder.delete")
    return lines.filter(actor_id=str(actor.user_id)).exists()
