"""Frame of the console of the roll-out: menu by role, first page, stops that run (pages.md 3 and 16).

A page of the console adds one line to `ENTRIES`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import StaffRole
from apps.rollout.models import StopOrder
from apps.rollout.policies import HELPS, RUNS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page of the menu: its words, the name of its address, who may open it."""

    label: str | Promise
    name: str
    roles: frozenset[StaffRole] = RUNS


ENTRIES = (
    Entry(label=_("Console"), name="rollout:dashboard"),
    Entry(label=_("Imports"), name="rollout:import_list"),
    Entry(label=_("Population"), name="rollout:population"),
    Entry(label=_("Waves"), name="rollout:wave_list"),
    Entry(label=_("Notices sent out"), name="rollout:notices"),
    Entry(label=_("Oppositions"), name="rollout:oppositions", roles=HELPS),
    Entry(label=_("Calendar"), name="rollout:calendar"),
    Entry(label=_("Follow-up"), name="rollout:progress"),
    Entry(label=_("Exports"), name="rollout:export_list"),
    Entry(label=_("Stop"), name="rollout:stop", roles=HELPS),
)


def entries_for(roles: Collection[StaffRole]) -> tuple[tuple[Entry, str], ...]:
    """Entries that people of these roles see, with their addresses."""
    return tuple((entry, reverse(entry.name)) for entry in ENTRIES if not entry.roles.isdisjoint(roles))


def first_page(roles: Collection[StaffRole]) -> str | None:
    """Address where work begins: the first page of the menu; None for roles without one."""
    return next((address for _entry, address in entries_for(roles)), None)


def running_stops() -> list[StopOrder]:
    """Stops that stand, the one of everything first (RO-08)."""
    standing = StopOrder.objects.filter(lifted_at=None).select_related("wave")
    return sorted(standing.order_by("ordered_at", "id"), key=lambda stop: stop.wave_id is not None)
