"""The one sign-in that a browser session has under way: state, nonce, verifier, all used once (IDN-25).

A second start replaces the first; any callback drops it whatever comes out. It lives in the session, on the server.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

KEY = "ens_franceconnect"
LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`state` and `nonce` have 43 characters (FranceConnect asks for 22); `started_at` in ISO 8601.

    `confirms`: id of the user who confirms who they are (S-10); empty for a sign-in.
    """

    state: str
    nonce: str
    verifier: str
    acr: str
    next_url: str
    started_at: str
    confirms: str = ""

    @property
    def challenge(self) -> str:
        """PKCE, method S256 (RFC 7636)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @property
    def began(self) -> datetime:
        return datetime.fromisoformat(self.started_at)

    def is_over(self, at: datetime) -> bool:
        return not self.began <= at < self.began + LIFE


def begin(session: SessionBase, *, acr: str, next_url: str, at: datetime, confirms: str = "") -> Attempt:
    """Put a new attempt in the session."""
    attempt = Attempt(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        acr=acr,
        next_url=next_url,
        started_at=at.isoformat(),
        confirms=confirms,
    )
    session[KEY] = asdict(attempt)
    return attempt


def take(session: SessionBase) -> Attempt | None:
    """Take the attempt out of the session: it cannot be used again."""
    found = session.pop(KEY, None)
    return Attempt(**found) if found else None
