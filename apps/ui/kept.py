"""What somebody looked for, kept in the session under a short token: addresses hold no words (SEC-16)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.http import HttpRequest

_AT_MOST = 10
_TOKEN_BYTES = 6


def keep(request: HttpRequest, *, name: str, space_id: UUID, value: Any) -> str:  # noqa: ANN401  what JSON can say
    """Token of the value in this space, until the session ends or ten newer ones came."""
    entry = {"space": str(space_id), "value": value}
    stored: dict[str, object] = request.session.get(name, {})
    for token, known in stored.items():
        if known == entry:
            return token
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    request.session[name] = dict([*stored.items(), (token, entry)][-_AT_MOST:])
    return token


def kept(request: HttpRequest, *, name: str, space_id: UUID, token: str) -> Any:  # noqa: ANN401  as above
    """The value; None for a token that this session does not know, or of another space."""
    entry = request.session.get(name, {}).get(token)
    if not isinstance(entry, dict) or entry.get("space") != str(space_id):
        return None
    return entry["value"]
