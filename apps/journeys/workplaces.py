"""Where members of the staff and publishers work: menu, first page and strips of their pages (S-11: never mixed with a
holder's).
"""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import StaffRole
from apps.rollout import console
from apps.rollout.models import StopOrder
from apps.store import menus
from apps.ui.frame import MenuEntry, Strip

PAGES_OF_PLATFORM = "journeys:quarantine"
PAGES_OF_PUBLISHERS = "store:publisher_home"
HELP = "journeys:help"


def menu(roles: Collection[StaffRole], *, current: str, path: str = "") -> tuple[MenuEntry, ...]:
    """Entries for these roles; `current` is the name of the address shown, `path` the address."""
    entries = [
        MenuEntry(label=str(entry.label), url=url, current=_current(entry.name, current))
        for entry, url in console.entries_for(roles)
    ]
    if StaffRole.PLATFORM in roles:
        entries.append(_quarantine(current))
    entries.extend(_of_the_store(entry, url, current, path) for entry, url in menus.review_entries(roles))
    return tuple(entries)


def publisher_menu(*, current: str, path: str) -> tuple[MenuEntry, ...]:
    """Entries of a publisher (pages.md 3)."""
    entries = [_of_the_store(entry, url, current, path) for entry, url in menus.publisher_entries()]
    here = "page" if current == HELP else ""
    return (*entries, MenuEntry(label=_("Help"), url=reverse(HELP), current=here))


def first_page(roles: Collection[StaffRole]) -> str | None:
    """Where people of these roles go after their sign-in; None while no page is built for them."""
    page = console.first_page(roles)
    if page is None and StaffRole.PLATFORM in roles:
        return reverse(PAGES_OF_PLATFORM)
    return page or menus.first_page(roles)


def stop_strips() -> tuple[Strip, ...]:
    """What every page of the console says while a stop stands (RO-08)."""
    link = MenuEntry(label=_("See the stop"), url=reverse("rollout:stop"))
    return tuple(Strip(text=_words(stop), link=link) for stop in console.running_stops())


def _words(stop: StopOrder) -> str:
    if stop.wave is None:
        return _("Everything is stopped: nothing is sent and no space opens. The six weeks that run go on.")
    return _("Wave %(number)s is stopped: nothing of it is sent and none of its spaces opens.") % {
        "number": stop.wave.number
    }


def _quarantine(current: str) -> MenuEntry:
    here = current if current.startswith(PAGES_OF_PLATFORM) else ""
    state = {"": "", PAGES_OF_PLATFORM: "page"}.get(here, "true")
    return MenuEntry(label=_("Quarantine"), url=reverse(PAGES_OF_PLATFORM), current=state)


def _of_the_store(entry: menus.Entry, url: str, current: str, path: str) -> MenuEntry:
    return MenuEntry(label=str(entry.label), url=url, current=menus.current(entry, name=current, path=path))


def _current(name: str, shown: str) -> str:
    """ "page" on the page itself, "true" on the pages below it: those whose name goes on after `wave_`."""
    if name == shown:
        return "page"
    stem = name.removesuffix("s").removesuffix("list").removesuffix("_")
    return "true" if shown.startswith(f"{stem}_") else ""
