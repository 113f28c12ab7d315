"""Hiding documents from professionals and showing them again (masquage; DMP-31, ACC-31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.access import AccessDeniedError, Actor, Decision
from apps.audit.services import Line, record, record_many
from apps.common.ids import uuid7
from apps.dmp import policies
from apps.dmp.models import Document
from apps.dmp.querysets import DocumentQuerySet
from apps.dmp.services.errors import DocumentNotFoundError

_UNKNOWN = Decision(allowed=False, rule="SEC-02")


def hide_document(*, actor: Actor, document_id: UUID, at: datetime) -> Document:
    """Hide one document, all its versions, from professionals; hiding twice changes nothing.

    Its author, the administrators and, if the holder allows it, emergencies still see it (decisions 1 and 2).
    Returns the document as stored. Raises `DocumentNotFoundError`, `AccessDeniedError`. Source: CSP R1111-49.
    """
    return _change(actor, [document_id], hidden_at=at, at=at)[0]


def unhide_document(*, actor: Actor, document_id: UUID, at: datetime) -> Document:
    """Make a hidden document, all its versions, visible again ("rendre visible"); showing twice changes nothing.

    Raises `DocumentNotFoundError`, `AccessDeniedError`.
    """
    return _change(actor, [document_id], hidden_at=None, at=at)[0]


def hide_documents(*, actor: Actor, document_ids: Sequence[UUID], at: datetime) -> list[Document]:
    """Hide several documents from professionals, all or none; those already hidden stay as they are (DMP-31).

    Raises `DocumentNotFoundError` when one of the ids is not visible to the actor: nothing is written then but one line
    of refusal, which names no row (SEC-02). Raises `AccessDeniedError`.
    """
    try:
        return _change(actor, document_ids, hidden_at=at, at=at)
    except DocumentNotFoundError:
        record(actor=actor, at=at, line=Line(action="dmp.document.hide", decision=_UNKNOWN))
        raise


@transaction.atomic
def _change(actor: Actor, document_ids: Sequence[UUID], *, hidden_at: datetime | None, at: datetime) -> list[Document]:
    visible = Document.objects.visible_to(actor).select_for_update(of=("self",))
    documents = list(visible.filter(id__in=document_ids).order_by("id"))
    missing = set(document_ids) - {document.id for document in documents}
    if missing:
        raise DocumentNotFoundError(min(missing))
    for document in documents:
        decision = policies.may_hide(actor, document)
        if not decision:
            raise AccessDeniedError(decision)
    asked = [document for document in documents if _changes(document, hidden=hidden_at is not None)]
    _store(_with_versions(visible, asked), hidden_at)
    action = "dmp.document.hide" if hidden_at else "dmp.document.unhide"
    record_many(actor=actor, at=at, lines=[_line(action, document) for document in asked])
    return documents


def _changes(document: Document, *, hidden: bool) -> bool:
    """Hiding what only the default hides makes it the person's own choice, which the default no longer undoes."""
    return document.is_hidden != hidden or document.hidden_by_default


def _with_versions(visible: DocumentQuerySet, documents: list[Document]) -> list[Document]:
    """The documents and every earlier and later version: a hidden document must not be read in its former version."""
    found = {document.id: document for document in documents}
    edge = documents
    while edge:
        near = Q(id__in=[one.replaces_id for one in edge if one.replaces_id]) | Q(
            replaces_id__in=[one.id for one in edge]
        )
        edge = list(visible.filter(near).exclude(id__in=found).order_by("id"))
        found |= {document.id: document for document in edge}
    return list(found.values())


def _store(documents: list[Document], hidden_at: datetime | None) -> None:
    for document in documents:
        # Never before the receipt, even when another machine's clock was ahead of ours.
        hidden_since = document.hidden_at or hidden_at
        document.hidden_at = max(hidden_since, document.received_at) if hidden_at and hidden_since else None
        document.hidden_by_default = False
        document.entry_id = uuid7()  # new at every change of the record (DMP-02)
    Document.objects.bulk_update(documents, ["hidden_at", "hidden_by_default", "entry_id"])


def _line(action: str, document: Document) -> Line:
    return Line(action=action, target=f"document:{document.id}", decision=policies.MAY_CHANGE_VISIBILITY)
