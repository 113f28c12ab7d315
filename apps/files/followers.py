"""Apps above that go on with a file once it is clean; they are told after the commit and may be told twice."""

from __future__ import annotations

from functools import partial
from typing import Protocol
from uuid import UUID

from django.db import transaction


class Follower(Protocol):
    """Queues what comes next; what gets lost here is found by a sweep of its app (REL-03)."""

    def __call__(self, *, vault_id: UUID, file_id: UUID) -> None: ...


_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Called once, when the app is ready."""
    if follower not in _followers:
        _followers.append(follower)


def tell(*, vault_id: UUID, file_id: UUID) -> None:
    """After the commit of the verdict."""
    for follower in _followers:
        transaction.on_commit(partial(follower, vault_id=vault_id, file_id=file_id), robust=True)
