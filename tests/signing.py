"""Signing in without the provider, for tests of pages; the journey through it has tests of its own."""

from __future__ import annotations

from django.test import Client

from apps.accounts.models import User
from apps.accounts.sessions import LEVEL, MEANS


def sign_in(client: Client, user: User, *, level: str = "eidas1") -> Client:
    """A new session of that person at that level of sign-in."""
    client.force_login(user, backend="apps.accounts.backends.SignInBackend")
    session = client.session
    session[LEVEL], session[MEANS] = level, "test"
    session.save()
    return client
