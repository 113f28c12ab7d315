"""Putting documents into folders and pinning them (DMP-61). Both belong to a document, whatever its version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor, Decision
from apps.audit.services import Fact, Line, record, record_many
from apps.dmp import policies
from apps.dmp.models import Document
from apps.dmp.querysets import DocumentQuerySet
from apps.dmp.services.errors import DocumentNotFoundError
from apps.dmp.services.folders import FolderNotFoundError, create_folder, folder_to_change, lock_space
from apps.dmp.services.selection import selected_documents

_UNKNOWN = Decision(allowed=False, rule="SEC-02")


def move_documents(*, actor: Actor, document_ids: Sequence[UUID], folder_id: UUID | None, at: datetime) -> int:
    """Put documents into a folder, all or none, or take them out of theirs with None; returns how many were asked for.

    Raises `DocumentNotFoundError` or `FolderNotFoundError` when an id is not visible to the actor: nothing is written
    then but one line of refusal, which names no row (SEC-02). Raises `AccessDeniedError`.
    """
    try:
        return _move(actor, document_ids, folder_id, at)
    except (DocumentNotFoundError, FolderNotFoundError):
        record(actor=actor, at=at, line=Line(action="dmp.document.file", decision=_UNKNOWN))
        raise


def move_to_new_folder(*, actor: Actor, document_ids: Sequence[UUID], folder_id: UUID, name: str, at: datetime) -> UUID:
    """Make a folder and put documents into it: both or neither. Returns its id; raises what the two acts raise."""
    try:
        with transaction.atomic():
            folder = create_folder(actor=actor, folder_id=folder_id, name=name, at=at)
            _move(actor, document_ids, folder.id, at)
            return folder.id
    except DocumentNotFoundError:
        record(actor=actor, at=at, line=Line(action="dmp.document.file", decision=_UNKNOWN))
        raise


def pin_document(*, actor: Actor, document_id: UUID, at: datetime) -> None:
    """Mark a document as one to find again quickly; its place in the list stays. Pinning twice changes nothing.

    Raises `DocumentNotFoundError`, `AccessDeniedError`.
    """
    _pin(actor, document_id, pinned_at=at, at=at)


def unpin_document(*, actor: Actor, document_id: UUID, at: datetime) -> None:
    """Take the mark away. Raises as `pin_document`."""
    _pin(actor, document_id, pinned_at=None, at=at)


@transaction.atomic
def _move(actor: Actor, document_ids: Sequence[UUID], folder_id: UUID | None, at: datetime) -> int:
    documents, decision = _to_arrange(actor, document_ids)
    if folder_id is not None:
        folder_to_change(actor=actor, folder_id=folder_id)
    asked = [document for document in documents if document.folder_id != folder_id]
    _versions_of(asked).update(folder_id=folder_id)
    facts: dict[str, Fact] = {"folder": str(folder_id) if folder_id else None}
    record_many(actor=actor, at=at, lines=[_line("dmp.document.file", one, decision, facts) for one in asked])
    return len(documents)


@transaction.atomic
def _pin(actor: Actor, document_id: UUID, *, pinned_at: datetime | None, at: datetime) -> None:
    documents, decision = _to_arrange(actor, [document_id])
    asked = [document for document in documents if (document.pinned_at is None) != (pinned_at is None)]
    _versions_of(asked).update(pinned_at=pinned_at)
    action = "dmp.document.pin" if pinned_at else "dmp.document.unpin"
    record_many(actor=actor, at=at, lines=[_line(action, one, decision, {}) for one in asked])


def _to_arrange(actor: Actor, document_ids: Sequence[UUID]) -> tuple[list[Document], Decision]:
    """The documents as they are now that the space is held: a deposit has the same lock."""
    lock_space(actor)
    documents = selected_documents(actor=actor, document_ids=document_ids)
    return documents, policies.may_arrange(actor).required()


def _versions_of(documents: list[Document]) -> DocumentQuerySet:
    """Every version of them, also those that the actor may not see: the day one shows, it is where the document is.
    One query, whatever there is (SEC-05).
    """
    if not documents:
        return Document.objects.none()
    rows = Document.objects.filter(space_id=documents[0].space_id)
    linked: dict[UUID, set[UUID]] = {}
    for later, former in rows.order_by("id").values_list("id", "replaces_id").exclude(replaces_id=None):
        if former is not None:
            linked.setdefault(later, set()).add(former)
            linked.setdefault(former, set()).add(later)
    found = {document.id for document in documents}
    edge = found
    while edge:
        edge = {near for one in edge for near in linked.get(one, ())} - found
        found |= edge
    return rows.filter(id__in=found)


def _line(action: str, document: Document, decision: Decision, facts: dict[str, Fact]) -> Line:
    return Line(action=action, target=f"document:{document.id}", decision=decision, facts=facts)
