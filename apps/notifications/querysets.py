from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q

from apps.notifications.kinds import PERSONAL_KINDS

if TYPE_CHECKING:
    from apps.access import Actor
    from apps.notifications.models.notice import Notice  # noqa: F401  named in a string below


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of notices. `visible_to` is the only entry for code that shows or counts them."""

    def visible_to(self, actor: Actor, *, documents: models.QuerySet[models.Model, UUID]) -> Self:
        """Notices of this person about the space they are in and about their own account.

        `documents`: ids of the documents that the actor may see. A notice whose documents they may not see is not
        there: not listed, not counted (SEC-05).
        """
        return self.filter(
            Q(document_ids=[]) | Q(document_ids__overlap=ArraySubquery(documents)),
            Q(space_id=actor.space_id) | Q(space_id=None) | Q(kind__in=PERSONAL_KINDS),
            user_id=actor.user_id,
            in_centre=True,
        )

    def about(self, subject: str, *, space_id: UUID) -> Self:
        """Those about this space (`espace`), or about the reader's own account and other spaces of theirs."""
        return self.filter(space_id=space_id) if subject == "espace" else self.exclude(space_id=space_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")
