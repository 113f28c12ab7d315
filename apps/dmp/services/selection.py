"""Several documents chosen at once; every id that comes in is looked at again (SEC-02)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.access import Actor
from apps.dmp.models import Document
from apps.dmp.services.errors import DocumentNotFoundError


def selected_documents(*, actor: Actor, document_ids: Sequence[UUID]) -> list[Document]:
    """The rows behind the ids, newest first. Raises `DocumentNotFoundError` when one of them is not visible."""
    found = list(Document.objects.visible_to(actor).select_related("folder").filter(id__in=document_ids).newest_first())
    missing = set(document_ids) - {document.id for document in found}
    if missing:
        raise DocumentNotFoundError(min(missing))
    return found
