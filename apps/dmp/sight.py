"""What notices may know of documents: the reading rule of the record, lent to the app of notices (SEC-05)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from apps.access import Actor
from apps.accounts.models import User
from apps.dmp.models import Document
from apps.spaces.entry import enter


class RecordSight:
    """`notifications.sight.Sight` by `visible_to`."""

    def documents(self, actor: Actor) -> QuerySet[Any, UUID]:
        """Ids of the documents that the actor may see; a withdrawn one is nothing to be told of any more."""
        rows = Document.objects.visible_to(actor).exclude(availability=Document.Availability.DELETED)
        return rows.values_list("id", flat=True)

    def still_seen(
        self, *, user_id: UUID, space_id: UUID, document_ids: Collection[UUID], at: datetime
    ) -> frozenset[UUID] | None:
        """As if the person entered the space now, signed in at the level that it asks."""
        user = User.objects.filter(pk=user_id, is_active=True).first()
        entry = enter(user=user, space_id=space_id, level=settings.HOLDER_MIN_LEVEL, at=at) if user else None
        if entry is None:
            return None
        return frozenset(self.documents(entry.actor).filter(id__in=document_ids).order_by("id"))
