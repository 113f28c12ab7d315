"""The one place that moves dossiers and listings from state to state (STO-47 to STO-81)."""

from __future__ import annotations

from apps.store.transitions.assigning import PARTS, assign
from apps.store.transitions.dossier import CONTESTED, fire, hand_over, note_contests, open_dossier, touch
from apps.store.transitions.listing import (
    FOR_DESK,
    fire_listing,
    hand_over_listing,
    lifted_to,
    note_listing,
    open_listing,
    tell_desk,
)
from apps.store.transitions.step import GuardError, Step, TransitionRefusedError

__all__ = [
    "CONTESTED",
    "FOR_DESK",
    "PARTS",
    "GuardError",
    "Step",
    "TransitionRefusedError",
    "assign",
    "fire",
    "fire_listing",
    "hand_over",
    "hand_over_listing",
    "lifted_to",
    "note_contests",
    "note_listing",
    "open_dossier",
    "open_listing",
    "tell_desk",
    "touch",
]
