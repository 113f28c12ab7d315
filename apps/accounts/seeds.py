"""Seeds of one-time codes, closed in the rows of allauth (SEC-18, decisions 42): they open for their owner alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from apps.files import secrets

PURPOSE = "accounts.seed"
_owner: ContextVar[str] = ContextVar("owner of the seeds")


@contextmanager
def of(user_id: UUID) -> Iterator[None]:
    """Within, `closed` and `opened` are about seeds of this user; allauth does not tell its adapter whose they are."""
    token = _owner.set(str(user_id))
    try:
        yield
    finally:
        _owner.reset(token)


def closed(seed: str) -> str:
    """For a column. Raises `LookupError` outside `of`."""
    return secrets.seal(purpose=PURPOSE, plain=seed.encode(), bound_to=_owner.get())


def opened(sealed: str) -> str:
    """Raises `TamperedError` for a seed of somebody else, `LookupError` outside `of`."""
    return secrets.unseal(purpose=PURPOSE, sealed=sealed, bound_to=_owner.get()).decode()
