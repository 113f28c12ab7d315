"""Where a sign-in leads when the person asked for no page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from apps.access import Role
from apps.accounts import sessions


def landing(request: HttpRequest) -> str:
    """Holders choose a space there, members of the staff go on to their work, publishers to their home."""
    is_publisher = request.session.get(sessions.ROLE) == Role.PUBLISHER
    return str(settings.PUBLISHER_REDIRECT_URL if is_publisher else settings.LOGIN_REDIRECT_URL)
