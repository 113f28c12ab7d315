"""Versions of a document (DMP-03, DMP-05), as far as the actor may see them (SEC-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from apps.access import Actor
from apps.dmp.models import Document
from apps.dmp.services.listing import record_list_reading
from apps.dmp.services.reading import document_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The version before and the one after, as far as the actor may see them."""

    previous: Document | None
    successor: Document | None


def neighbours_of(*, actor: Actor, document: Document) -> Neighbours:
    """One query; a version that the actor may not see is not told (SEC-05)."""
    wanted = Q(replaces_id=document.id)
    if document.replaces_id is not None:
        wanted |= Q(id=document.replaces_id)
    found = list(Document.objects.visible_to(actor).filter(wanted).order_by("version_number", "id"))
    return Neighbours(
        previous=next((one for one in found if one.id == document.replaces_id), None),
        successor=next((one for one in found if one.replaces_id == document.id), None),
    )


def versions_of(*, actor: Actor, document_id: UUID, at: datetime) -> list[Document]:
    """The document and every version before and after it that the actor may see, newest first (D-08).

    Three queries, whatever the number of versions; deleted ones are named too (DMP-06). A look at the list is traced
    like that of a list of documents, an opening when it happens. Raises `DocumentNotFoundError`.
    """
    document = document_of(actor=actor, document_id=document_id)
    chain = _chain(actor, document)
    rows = Document.objects.visible_to(actor).with_availability_for(actor).select_related("file").filter(id__in=chain)
    found = sorted(rows.order_by("id"), key=lambda row: chain.index(row.id), reverse=True)
    for row in found:
        if row.is_last_seen:
            row.availability = Document.Availability.APPROVED  # for showing only, never saved
    record_list_reading(actor=actor, shown=len(found), at=at)
    return found


def _chain(actor: Actor, document: Document) -> list[UUID]:
    """Ids from the first version to the last; a version that the actor may not see ends it."""
    visible = Document.objects.visible_to(actor)
    is_replaced = Exists(visible.filter(space_id=OuterRef("space_id"), replaces_id=OuterRef("id")))
    links = dict(
        visible.filter(Q(replaces_id__isnull=False) | is_replaced).order_by("id").values_list("id", "replaces_id")
    )
    successors = {former: later for later, former in links.items() if former is not None}
    chain = [document.id]
    while (former := links.get(chain[0])) in links and former is not None:
        chain.insert(0, former)
    while (later := successors.get(chain[-1])) is not None:
        chain.append(later)
    return chain
