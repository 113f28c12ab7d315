"""Acts on several documents at once; every id that comes in is looked at again (SEC-02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import AccessDeniedError, Actor, Decision
from apps.audit.services import Line, record, record_many
from apps.common.ids import uuid7
from apps.dmp import policies
from apps.dmp.models import Document
from apps.dmp.services.errors import DocumentNotFoundError

_UNKNOWN = Decision(allowed=False, rule="SEC-02")


def selected_documents(*, actor: Actor, document_ids: Sequence[UUID]) -> list[Document]:
    """The rows behind the ids, newest first. Raises `DocumentNotFoundError` when one of them is not visible."""
    rows = Document.objects.visible_to(actor).filter(id__in=document_ids).newest_first()
    return _all_of(document_ids, list(rows))


def hide_documents(*, actor: Actor, document_ids: Sequence[UUID], at: datetime) -> list[Document]:
    """Hide several documents from professionals, all or none; those already hidden stay as they are (DMP-31).

    Raises `DocumentNotFoundError` when one of the ids is not visible to the actor: nothing is written then but one line
    of refusal, which names no row. Raises `AccessDeniedError`.
    """
    try:
        return _hide(actor, document_ids, at)
    except DocumentNotFoundError:
        record(actor=actor, at=at, line=Line(action="dmp.document.hide", decision=_UNKNOWN))
        raise


@transaction.atomic
def _hide(actor: Actor, document_ids: Sequence[UUID], at: datetime) -> list[Document]:
    rows = Document.objects.visible_to(actor).filter(id__in=document_ids).order_by("id")
    documents = _all_of(document_ids, list(rows.select_for_update(of=("self",))))
    for document in documents:
        decision = policies.may_hide(actor, document)
        if not decision:
            raise AccessDeniedError(decision)
    changed = [document for document in documents if not document.is_hidden]
    for document in changed:
        document.hidden_at, document.entry_id = at, uuid7()  # new at every change of the record (DMP-02)
    Document.objects.bulk_update(changed, ["hidden_at", "entry_id"])
    record_many(actor=actor, at=at, lines=[_line(document) for document in changed])
    return documents


def _all_of(document_ids: Sequence[UUID], found: list[Document]) -> list[Document]:
    missing = set(document_ids) - {document.id for document in found}
    if missing:
        raise DocumentNotFoundError(min(missing))
    return found


def _line(document: Document) -> Line:
    return Line(action="dmp.document.hide", target=f"document:{document.id}", decision=policies.MAY_CHANGE_VISIBILITY)
