"""Who may act on files that nobody may read."""

from __future__ import annotations

from apps.access import Actor, Decision, Role

_KEEPERS = frozenset({Role.STAFF, Role.SYSTEM})
MAY_KEEP_QUARANTINE = Decision(allowed=True, rule="SEC-19.operator")
NOT_AN_OPERATOR = Decision(allowed=False, rule="SEC-19.operator")


def may_keep_quarantine(actor: Actor) -> Decision:
    """Platform operators and jobs; views ask for the staff role (SEC-19: they see states, never contents)."""
    return MAY_KEEP_QUARANTINE if actor.role in _KEEPERS else NOT_AN_OPERATOR
