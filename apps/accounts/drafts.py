"""The act that waits while somebody confirms who they are: where it was, what was answered (S-10, pages.md 2).

Answers may be words about health: they lie sealed in the session, for fifteen minutes, and never secrets among them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from apps.files import secrets
from apps.files.crypto import TamperedError

KEY = "ens_waiting"
PURPOSE = "accounts.draft"
LIFE = timedelta(minutes=15)
MAX_BYTES = 100_000  # a longer form is asked for again
NEVER_KEPT = ("csrfmiddlewaretoken", "password", "code", "otp", "token", "secret")

Answers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """`act` in words of the reader; `sealed` is empty for a page that was only asked for; `kept_at` in ISO 8601."""

    path: str
    act: str
    kept_at: str
    sealed: str = ""

    def is_over(self, at: datetime) -> bool:
        kept = datetime.fromisoformat(self.kept_at)
        return not kept <= at < kept + LIFE


def keep(session: SessionBase, *, path: str, act: str, sealed: str, at: datetime) -> None:
    """Put the waiting act into the session; it takes the place of an earlier one."""
    session[KEY] = asdict(Waiting(path=path, act=act, kept_at=at.isoformat(), sealed=sealed))


def find(session: SessionBase, *, path: str, at: datetime) -> Waiting | None:
    """The act that waits at this path, unless fifteen minutes are over."""
    found = session.get(KEY)
    waiting = Waiting(**found) if found else None
    return waiting if waiting is not None and waiting.path == path and not waiting.is_over(at) else None


def drop(session: SessionBase) -> None:
    """Nothing waits any more."""
    session.pop(KEY, None)


def seal(answers: QueryDict, *, user_id: UUID) -> str:
    """The answers of a form as a sealed text, empty when they are too long. Files and secrets are left out."""
    pairs = [(name, value) for name, values in answers.lists() for value in values if _may_be_kept(name)]
    plain = json.dumps(pairs).encode()
    return secrets.seal(purpose=PURPOSE, plain=plain, bound_to=str(user_id)) if len(plain) <= MAX_BYTES else ""


def unseal(waiting: Waiting, *, user_id: UUID) -> Answers:
    """The answers again; none when nothing was kept or somebody else asks."""
    if not waiting.sealed:
        return ()
    try:
        plain = secrets.unseal(purpose=PURPOSE, sealed=waiting.sealed, bound_to=str(user_id))
    except TamperedError:
        return ()
    return tuple((str(name), str(value)) for name, value in json.loads(plain))


def _may_be_kept(name: str) -> bool:
    return not any(word in name.lower() for word in NEVER_KEPT)
