"""Where a sign-in leads when the person asked for no page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from apps.access import Role
from apps.accounts import sessions


def landing(request: HttpRequest) -> str:
    """Holders choose a space there, members of the staff go on to their work; publishers have no page of theirs yet."""
    has_no_page = request.session.get(sessions.ROLE) == Role.PUBLISHER
    return "accounts:security" if has_no_page else str(settings.LOGIN_REDIRECT_URL)
