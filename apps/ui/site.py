"""Settings of the frame, and the frame of a page that has neither session nor database (500, 503)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from apps.ui.frame import THEME_COOKIE, Frame, Site, Theme


def site() -> Site:
    """The deployment's settings, as the frame shows them."""
    return Site(
        demo=settings.ENS_ENV == "demo",
        state_branding=settings.STATE_BRANDING,
        phone=settings.SUPPORT_PHONE,
        accessibility_state=settings.ACCESSIBILITY_STATE,
    )


def theme_of(request: HttpRequest) -> Theme:
    """The reader's choice."""
    return Theme.of(request.COOKIES.get(THEME_COOKIE))


def bare_frame(request: HttpRequest) -> Frame:
    """Brand, theme and phone only: nothing that could fail when the database or the session is away."""
    return Frame(site=site(), theme=theme_of(request), home_url="/")
