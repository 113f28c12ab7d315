"""Who may do what in the roll-out; views ask for the role of the staff, two people are asked for by constraints."""

from __future__ import annotations

from apps.access import Actor, Decision, Role

_WORKERS = frozenset({Role.STAFF, Role.SYSTEM})
MAY_RUN = Decision(allowed=True, rule="SEC-20.operator")
NO_OPERATOR = Decision(allowed=False, rule="SEC-20.operator")


def may_run_rollout(actor: Actor) -> Decision:
    """Operators, approvers, support and jobs: the register holds no health content (SEC-19)."""
    return MAY_RUN if actor.role in _WORKERS else NO_OPERATOR
