"""Who may do what in the roll-out, by the roles of the staff; that two people are two, constraints of the rows say."""

from __future__ import annotations

from apps.access import Actor, Decision, Role
from apps.accounts.models import StaffRole

RUNS = frozenset({StaffRole.OPERATOR, StaffRole.APPROVER})
HELPS = RUNS | {StaffRole.SUPPORT}
APPROVES = frozenset({StaffRole.APPROVER})
MAY_RUN = Decision(allowed=True, rule="SEC-20.operator")
NO_OPERATOR = Decision(allowed=False, rule="SEC-20.operator")


def may_run_rollout(actor: Actor) -> Decision:
    """Operators, approvers, support and jobs: the register holds no health content (SEC-19)."""
    return MAY_RUN if actor.role is Role.SYSTEM else may_decide(actor, HELPS)


def may_decide(actor: Actor, roles: frozenset[StaffRole]) -> Decision:
    """What people decide and no job does: a member of the staff who holds one of `roles` (SEC-20, SEC-21)."""
    holds = actor.role is Role.STAFF and not roles.isdisjoint(actor.staff_roles)
    return MAY_RUN if holds else NO_OPERATOR
