"""What notices need to know of documents, which live above this app: `dmp` provides it when it is ready (SEC-05)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from apps.access import Actor


class Sight(Protocol):
    """Who may see what, by the rules of the record."""

    def documents(self, actor: Actor) -> QuerySet[Any, UUID]:
        """Ids of the documents that the actor may see, as a query to stand inside another one."""
        ...

    def still_seen(
        self, *, user_id: UUID, space_id: UUID, document_ids: Collection[UUID], at: datetime
    ) -> frozenset[UUID] | None:
        """Those of these documents that the person may see at `at`; None when they may not enter the space at all."""
        ...


class NoSightError(Exception):
    """Nobody has said what may be seen: nothing is shown."""


_provided: list[Sight] = []


def provide(sight: Sight) -> None:
    """Called once, when the app of documents is ready; a later call takes its place."""
    _provided[:] = [sight]


def sight() -> Sight:
    """What was provided. Raises `NoSightError`."""
    if not _provided:
        raise NoSightError
    return _provided[0]
