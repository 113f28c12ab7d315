"""The two state machines of the store as data (store.md 5.1 and 5.2): a test walks every row of both tables."""

from __future__ import annotations

from apps.store.states.dossier import DOSSIER
from apps.store.states.listing import LISTING
from apps.store.states.machine import Machine, Move, Stay, Term
from apps.store.states.words import Event, ListingStatus, Party, Queue, Status

__all__ = [
    "DOSSIER",
    "LISTING",
    "Event",
    "ListingStatus",
    "Machine",
    "Move",
    "Party",
    "Queue",
    "Status",
    "Stay",
    "Term",
]
