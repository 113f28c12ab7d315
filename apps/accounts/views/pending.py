"""Between the two steps of S-04: who gave the right password, in the session of a visitor, for ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from apps.accounts import seeds
from apps.accounts.factors import SECOND, means_of, new_seed
from apps.accounts.models import User

PENDING, SEED = "ens_pending", "ens_seed"
LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """`enrols`: there is no second factor yet, it is added before anything else."""

    user: User
    next_url: str
    enrols: bool


def begin(session: SessionBase, *, user: User, next_url: str, at: datetime) -> Pending:
    """Remember the first step under a new key of the session; for somebody without a second factor, with a seed."""
    enrols = not means_of(user) & SECOND
    session.cycle_key()
    session[PENDING] = {"user": str(user.pk), "at": at.isoformat(), "next": next_url, "enrols": enrols}
    session.pop(SEED, None)
    if enrols:
        keep_seed(session, user=user)
    return Pending(user=user, next_url=next_url, enrols=enrols)


def find(session: SessionBase, *, at: datetime) -> Pending | None:
    """What `begin` remembered; nothing after ten minutes or for a closed account."""
    kept = session.get(PENDING)
    if not kept or at >= datetime.fromisoformat(kept["at"]) + LIFE:
        return None
    user = User.objects.filter(pk=UUID(kept["user"]), is_active=True).first()
    return Pending(user=user, next_url=kept["next"], enrols=kept["enrols"]) if user else None


def keep_seed(session: SessionBase, *, user: User) -> None:
    """A new seed that waits for its first code; closed, because sessions are rows."""
    with seeds.of(user.pk):
        session[SEED] = seeds.closed(new_seed())


def seed_of(session: SessionBase, *, user: User) -> str:
    """The seed that waits, or an empty text."""
    kept = session.get(SEED, "")
    if not kept:
        return ""
    with seeds.of(user.pk):
        return seeds.opened(kept)
