"""Passkeys (WebAuthn with user verification): the ceremonies of allauth and fido2, in our words (SEC-18).

The challenge waits in the session of the browser and serves once. A passkey keeps the level of the session in which it
was made and gives that level afterwards (SEC-34).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from apps.accounts.models import User

LEVEL, NAME = "level", "name"
MOST = 10  # passkeys of one person
Answer = dict[str, Any]


class PasskeyRefusedError(Exception):
    """The browser's answer proves nothing: other challenge, other site, unknown or closed account, not verified."""


def begin_adding(user: User) -> Answer:
    """What `navigator.credentials.create` is asked for: a key that names its user and checks who holds it."""
    return dict(auth.begin_registration(user, passwordless=True))


def finish_adding(*, user: User, name: str, level: str, answer: Answer, at: datetime) -> Authenticator:
    """Keep the key that the browser made. Raises `PasskeyRefusedError`."""
    try:
        auth.parse_registration_response(answer)
        data = auth.complete_registration(answer)
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefusedError from error
    finally:
        auth.clear_state()
    if not data.is_user_verified():
        raise PasskeyRefusedError
    row: Authenticator = auth.WebAuthn.add(user, name, answer).instance
    row.data[LEVEL], row.created_at = level, at
    row.save(update_fields=["data", "created_at"])
    return row


def begin(user: User | None = None) -> Answer:
    """What `navigator.credentials.get` is asked for; without a user, any passkey of this site."""
    return dict(auth.begin_authentication(user))


def finish(*, answer: Answer, at: datetime, user: User | None = None) -> Authenticator:
    """The passkey that answered, of `user` or of whoever it names. Raises `PasskeyRefusedError`."""
    try:
        auth.parse_authentication_response(answer)
        named = auth.extract_user_from_response(answer)
        row: Authenticator = auth.complete_authentication(named, answer)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PasskeyRefusedError from error
    finally:
        auth.clear_state()
    if not named.is_active or (user is not None and named.pk != user.pk):
        raise PasskeyRefusedError
    row.last_used_at = at
    row.save(update_fields=["last_used_at"])
    return row


def of(user: User) -> QuerySet[Authenticator]:
    """Their passkeys, in the order in which they were made."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return rows.order_by("created_at", "pk")
