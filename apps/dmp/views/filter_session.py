"""Filters kept in the session under a short token: addresses hold neither words nor names (SEC-16)."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import HttpRequest

from apps.dmp.filters import Filters

_KEY = "dmp_filters"
_KEPT = 10
_TOKEN_BYTES = 6


def keep(request: HttpRequest, space_id: UUID, filters: Filters) -> str:
    """Token under which the filters stay until the session ends or ten newer ones came; empty when nothing is set."""
    if not filters.active:
        return ""
    entry = {"space": str(space_id), "filters": filters.as_dict()}
    stored: dict[str, object] = request.session.get(_KEY, {})
    for token, known in stored.items():
        if known == entry:
            return token
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    request.session[_KEY] = dict([*stored.items(), (token, entry)][-_KEPT:])
    return token


def kept(request: HttpRequest, space_id: UUID, token: str) -> Filters:
    """The filters of a token; none for a token that this session does not know or that belongs to another space."""
    entry = request.session.get(_KEY, {}).get(token)
    if not isinstance(entry, dict) or entry.get("space") != str(space_id):
        return Filters()
    return Filters.from_dict(entry["filters"])
