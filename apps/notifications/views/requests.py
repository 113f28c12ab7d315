"""Requests inside a space, as this app sees them: spaces live above it."""

from __future__ import annotations

from django.http import HttpRequest

from apps.access import Actor
from apps.accounts.models import User


class CentreRequest(HttpRequest):
    """`SpaceMiddleware` has let this person in."""

    actor: Actor
    user: User  # nobody else gets into a space
