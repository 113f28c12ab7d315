"""Hiding documents from professionals and showing them again (masquage; DMP-31, ACC-31)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import AccessDeniedError, Actor
from apps.audit.services import Line, record
from apps.common.ids import uuid7
from apps.dmp import policies
from apps.dmp.models import Document
from apps.dmp.services.errors import DocumentNotFoundError


def hide_document(*, actor: Actor, document_id: UUID, at: datetime) -> Document:
    """Hide one document from professionals; hiding twice changes nothing.

    Its author, the administrators and, if the holder allows it, emergencies still see it (decisions 1 and 2).
    Returns the document as stored. Raises `DocumentNotFoundError`, `AccessDeniedError`. Source: CSP R1111-49.
    """
    return _change(actor=actor, document_id=document_id, hidden_at=at, at=at)


def unhide_document(*, actor: Actor, document_id: UUID, at: datetime) -> Document:
    """Make a hidden document visible again ("rendre visible"); showing twice changes nothing.

    Raises `DocumentNotFoundError`, `AccessDeniedError`.
    """
    return _change(actor=actor, document_id=document_id, hidden_at=None, at=at)


@transaction.atomic
def _change(*, actor: Actor, document_id: UUID, hidden_at: datetime | None, at: datetime) -> Document:
    rows = Document.objects.visible_to(actor).select_for_update(of=("self",))
    document = rows.filter(id=document_id).first()
    if document is None:
        raise DocumentNotFoundError(document_id)
    decision = policies.may_hide(actor, document)
    if not decision:
        raise AccessDeniedError(decision)
    if document.is_hidden == (hidden_at is not None):
        return document
    document.hidden_at = hidden_at
    document.entry_id = uuid7()  # new at every change of the record (DMP-02)
    document.save(update_fields=["hidden_at", "entry_id"])
    action = "dmp.document.hide" if hidden_at else "dmp.document.unhide"
    record(actor=actor, at=at, line=Line(action=action, target=f"document:{document.id}", decision=decision))
    return document
