"""Menus of publishers and of the back office of the store (pages.md 3). A page adds one line to its list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import StaffRole
from apps.store.policies import REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page of a menu: its words, the name of its address, who of the staff may open it; `below`: where the
    addresses of the pages under it begin.
    """

    label: str | Promise
    name: str
    roles: frozenset[StaffRole] = REVIEW
    below: str = ""


PUBLISHER = (
    Entry(label=_("Publishers"), name="store:publisher_home"),
    Entry(label=_("Candidacies"), name="store:candidacy_list", below="/editeurs/candidatures/"),
    Entry(label=_("Published services"), name="store:published_services", below="/editeurs/services/"),
    Entry(label=_("The organisation"), name="store:publisher", below="/editeurs/organisme/"),
)
REVIEWERS = (
    Entry(
        label=_("Dossiers"),
        name="store:review_queue",
        roles=REVIEW - {StaffRole.MEMBER},  # no queue waits for a member of the commission
        below="/instruction/dossiers/",
    ),
    Entry(
        label=_("Commission"),
        name="store:commission",
        roles=frozenset({StaffRole.SECRETARIAT, StaffRole.MEMBER, StaffRole.DELEGATE}),
        below="/instruction/commission/",
    ),
    Entry(
        label=_("Appeals"),
        name="store:appeals",
        roles=frozenset({StaffRole.APPEALS}),
        below="/instruction/recours/",
    ),
    Entry(label=_("Referenced services"), name="store:live_services", below="/instruction/services/"),
    Entry(label=_("Reports of users"), name="store:reports", below="/instruction/signalements/"),
    Entry(label=_("Statistics"), name="store:review_stats", below="/instruction/statistiques/"),
)


def publisher_entries() -> tuple[tuple[Entry, str], ...]:
    """Entries of a publisher with their addresses."""
    return tuple((entry, reverse(entry.name)) for entry in PUBLISHER)


def review_entries(roles: Collection[StaffRole]) -> tuple[tuple[Entry, str], ...]:
    """Entries of the back office that people of these roles see, with their addresses."""
    return tuple((entry, reverse(entry.name)) for entry in REVIEWERS if not entry.roles.isdisjoint(roles))


def first_page(roles: Collection[StaffRole]) -> str | None:
    """Where the work of a reviewer begins; None for roles without a page."""
    return next((address for _entry, address in review_entries(roles)), None)


def current(entry: Entry, *, name: str, path: str) -> str:
    """Value of `aria-current`: "page" on the page itself, "true" on those below it."""
    if entry.name == name:
        return "page"
    return "true" if entry.below and path.startswith(entry.below) else ""
