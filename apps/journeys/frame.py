"""Context processor: the frame of the page, from what the middlewares put on the request; no query of its own but
the numbers of unread notices and conversations.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.access import Actor, Role, Section
from apps.accounts.models import StaffRole
from apps.accounts.sessions import ROLE, facts_of
from apps.accounts.staff import roles_of
from apps.journeys import workplaces
from apps.journeys.legal_pages import LegalPage
from apps.journeys.unread import unread_number
from apps.notifications.services import unread_count
from apps.notifications.words import unread_in_words
from apps.spaces.entry import SpaceView
from apps.spaces.perimeter import is_served
from apps.ui.frame import AccountMenu, Bell, Frame, MenuEntry, SpaceBand
from apps.ui.site import site, theme_of

CATALOGUE = "store:catalogue"
_FIRST_PAGES = ("dmp:document_list", "mss:thread_list")  # every page of these apps lies below its first one


def frame(request: HttpRequest) -> dict[str, Frame]:
    """`frame` for `ui/base.html`."""
    space: SpaceView | None = getattr(request, "space_view", None)
    signed_in = hasattr(request, "user") and request.user.is_authenticated
    roles = roles_of(request)
    in_console = bool(roles) and _app(request) == "rollout"
    in_store = _app(request) == "store" and (bool(roles) or _is_publisher(request))
    return {
        "frame": Frame(
            site=site(),
            theme=theme_of(request),
            home_url=_home_url(request, space, roles),
            menu=_menu_of(request, space, roles),
            tools=() if signed_in else (_entry(request, _("Sign in"), "accounts:sign_in", icon="lock-line"),),
            footer=_footer(),
            account=_account(request, space, roles) if signed_in else None,
            bell=_bell(request, space),
            band=_band(space),
            area=_area(in_console=in_console, in_store=in_store, is_staff=bool(roles)),
            strips=workplaces.stop_strips() if in_console else (),
            session_end=_session_end(request),
            ended_access_at=getattr(request, "ended_access_at", None),
        )
    }


def _home_url(request: HttpRequest, space: SpaceView | None, roles: frozenset[StaffRole]) -> str:
    if space is not None:
        return reverse("journeys:dashboard", args=[space.space_id])
    if _is_publisher(request):
        return reverse(workplaces.PAGES_OF_PUBLISHERS)
    return workplaces.first_page(roles) or reverse("journeys:home")


def _is_publisher(request: HttpRequest) -> bool:
    """Whether the session is that of a publisher; the role is that of the session (SEC-15)."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated) and getattr(request, "session", {}).get(ROLE) == Role.PUBLISHER


def _menu_of(request: HttpRequest, space: SpaceView | None, roles: frozenset[StaffRole]) -> tuple[MenuEntry, ...]:
    if roles:
        return workplaces.menu(roles, current=_shown(request), path=request.path)
    if _is_publisher(request):
        return workplaces.publisher_menu(current=_shown(request), path=request.path)
    return _menu(request, space)


def _menu(request: HttpRequest, space: SpaceView | None) -> tuple[MenuEntry, ...]:
    if space is None:
        return (
            _entry(request, _("Home"), "journeys:home"),
            _entry(request, _("Understand"), "journeys:about"),
            _entry(request, _("Referenced services"), CATALOGUE),
            _entry(request, _("Oppose"), "rollout:opposition_start"),
            _entry(request, _("Help"), "journeys:help"),
        )
    entries = [_entry(request, _("Home"), "journeys:dashboard", space.space_id)]
    if Section.DOCUMENTS in space.reads:  # reads follows the services of the space, too (decisions.md 38)
        entries.append(_entry(request, _("Documents"), "dmp:document_list", space.space_id))
    if Section.MESSAGES in space.reads:
        entries.append(_entry(request, _mailbox_words(request), "mss:thread_list", space.space_id))
    return tuple(entries)


def _mailbox_words(request: HttpRequest) -> str:
    """With the number of unread conversations, right on every page (MSS-35, S46); one query."""
    unread = unread_number(request)
    if not unread:
        return _("Mailbox")
    return ngettext("Mailbox (%(count)s unread)", "Mailbox (%(count)s unread)", unread) % {"count": unread}


def _account(request: HttpRequest, space: SpaceView | None, roles: frozenset[StaffRole]) -> AccountMenu:
    entries = []
    if space is not None and Section.HISTORY in space.reads:
        entries.append(_entry(request, _("Who looked at my data"), "journeys:access_history", space.space_id))
    if space is not None and is_served("store:space_catalogue", space.services):
        entries.append(_entry(request, pgettext("catalogue", "Services"), "store:space_catalogue", space.space_id))
    if space is not None and space.capacity is not Role.DELEGATE:  # SPA-55
        entries.append(_entry(request, _("Settings"), "journeys:settings", space.space_id))
    is_holder = not roles and not _is_publisher(request)
    if is_holder:
        entries.append(_entry(request, _("Invitations and people I help"), "spaces:invitation_list"))
    entries.append(_entry(request, _("Sign-in and security"), "accounts:security"))
    if is_holder:
        entries.append(_entry(request, _("Change space"), "journeys:choose_space"))
    return AccountMenu(
        name=_name(request, space),
        entries=tuple(entries),
        sign_out_url=reverse("accounts:sign_out"),
    )


def _bell(request: HttpRequest, space: SpaceView | None) -> Bell | None:
    """One query, in spaces only."""
    actor: Actor | None = getattr(request, "actor", None)
    if space is None or actor is None:
        return None
    count = unread_count(actor)
    entry = _entry(request, unread_in_words(count), "notifications:center", space.space_id)
    return Bell(count=count, label=entry.label, url=entry.url, current=entry.current)


def _name(request: HttpRequest, space: SpaceView | None) -> str:
    """Of the person who signed in; in their own space it is there already, elsewhere it costs one query."""
    if space is not None and space.is_own:
        return space.holder_name
    identity = getattr(request.user, "identity", None)
    return identity.display_name if identity is not None else _("My account")


def _area(*, in_console: bool, in_store: bool, is_staff: bool) -> str:
    if in_console:
        return _("Roll-out")
    if in_store:
        return _("Review") if is_staff else _("Publishers")
    return ""


def _session_end(request: HttpRequest) -> datetime | None:
    """When the session ends unless something is done (IDN-37); counted from the instant of the request's actor."""
    actor: Actor | None = getattr(request, "actor", None)
    opened_at = facts_of(request).opened_at if actor is not None else None
    if actor is None or opened_at is None:
        return getattr(request, "session_end", None)
    idle = actor.at + timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return min(idle, opened_at + timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS))


def _band(space: SpaceView | None) -> SpaceBand | None:
    if space is None or space.is_own:
        return None
    return SpaceBand(short_name=space.short_name, back_url=reverse("journeys:choose_space") + "?mien")


def _footer() -> tuple[MenuEntry, ...]:
    state = site().accessibility_state
    accessibility = pgettext("footer", "Accessibility: %(state)s") % {"state": state}
    labels = {
        LegalPage.ACCESSIBILITY: accessibility,
        LegalPage.NOTICE: _("Legal notice"),
        LegalPage.PERSONAL_DATA: _("Personal data"),
        LegalPage.TERMS: _("Terms of use"),
        LegalPage.SECURITY: _("Security"),
        LegalPage.COOKIES: _("Cookies"),
    }
    legal = (MenuEntry(label=label, url=reverse("journeys:legal", args=[page.value])) for page, label in labels.items())
    return (
        MenuEntry(label=_("Site map"), url=reverse("journeys:site_map")),
        *legal,
        MenuEntry(label=_("State of the service"), url=reverse("journeys:status")),
    )


def _entry(request: HttpRequest, label: str, name: str, *args: object, icon: str = "") -> MenuEntry:
    return MenuEntry(label=label, url=reverse(name, args=args), icon=icon, current=_current(request, name))


def _current(request: HttpRequest, name: str) -> str:
    """ "page" on the entry's own page, "true" on the pages below it: those of the documents and steps of opposition."""
    if _shown(request) == name:
        return "page"
    if name == "rollout:opposition_start":
        return "true" if _shown(request).startswith("rollout:opposition_") else ""
    if name == CATALOGUE:
        return "true" if request.path.startswith(reverse(name)) else ""
    return "true" if name in _FIRST_PAGES and name.startswith(f"{_app(request)}:") else ""


def _shown(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match is not None else ""


def _app(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.app_name if match is not None else ""
