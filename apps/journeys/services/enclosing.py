"""Documents of the record that go with a message: over documents and mailbox, in one transaction (M-03, MSS-57)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.audit.services import Line, record_many
from apps.dmp import services as dmp
from apps.dmp.models import Document
from apps.dmp.querysets import DocumentQuerySet
from apps.dmp.words import file_names
from apps.formats.mail.names import clean_name
from apps.mss.models import Draft
from apps.mss.services import drafting
from apps.mss.services.drafting import Added


class HiddenDocumentsError(Exception):
    """Some of them are hidden from professionals: `documents`. Nothing was added; the person is asked first."""

    def __init__(self, documents: list[Document]) -> None:
        super().__init__(len(documents))
        self.documents = documents


def draft_of(*, actor: Actor, draft_id: UUID) -> Draft | None:
    """The draft, for whoever may write."""
    return Draft.objects.visible_to(actor).filter(id=draft_id).first()


def documents_to_choose(*, actor: Actor) -> DocumentQuerySet:
    """Current documents that the actor may see, the newest first; with their files, of which only clean ones leave."""
    return Document.objects.visible_to(actor).current_for(actor).select_related("file").newest_first()


@transaction.atomic
def enclose(*, actor: Actor, draft_id: UUID, document_ids: Sequence[UUID], is_sure: bool, at: datetime) -> int:
    """Add these documents to the draft, all or none; one that is there already stays. Returns how many there are.

    `is_sure`: the person was told which of them are hidden from professionals. Raises `HiddenDocumentsError`,
    `DocumentNotFoundError`, `DraftNotFoundError`, `FileRefusedError`, `AccessDeniedError`.
    """
    documents = dmp.selected_documents(actor=actor, document_ids=document_ids)
    hidden = [document for document in documents if document.is_hidden]
    if hidden and not is_sure:
        raise HiddenDocumentsError(hidden)
    for document in documents:
        drafting.add_document(actor=actor, draft_id=draft_id, added=_added(document), at=at)
    lines = [
        Line(
            action="journeys.document.enclose",
            target=f"document:{document.id}",
            facts={"draft": str(draft_id), "hidden": document.is_hidden},
        )
        for document in documents
    ]
    record_many(actor=actor, at=at, lines=lines)
    return len(documents)


def _added(document: Document) -> Added:
    _plain, name = file_names(document, media_type=document.media_type, number=0)
    return Added(
        name=clean_name(name),  # a header takes no no-break spaces
        media_type=document.media_type,
        size=document.size,
        vault_id=document.vault_id,
        file_id=document.file_id,
        document_id=document.id,
    )
