"""Versions of a document next to one of them (DMP-03, DMP-05)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from apps.access import Actor
from apps.dmp.models import Document


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
