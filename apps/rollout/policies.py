"""Who may do what in the roll-out; views ask for the role of the staff, two people are asked for by constraints."""

from __future__ import annotations

from uuid import UUID

from apps.access import AccessDeniedError, Actor, Decision, Role

_WORKERS = frozenset({Role.STAFF, Role.SYSTEM})
MAY_RUN = Decision(allowed=True, rule="SEC-20.operator")
NO_OPERATOR = Decision(allowed=False, rule="SEC-20.operator")


def may_run_rollout(actor: Actor) -> Decision:
    """Operators, approvers, support and jobs: the register holds no health content (SEC-19)."""
    return MAY_RUN if actor.role in _WORKERS else NO_OPERATOR


def person_who_acts(actor: Actor) -> UUID:
    """Id of the member of the staff behind the act: what people decide, no job decides (SEC-20).

    Raises `AccessDeniedError`.
    """
    if actor.role is not Role.STAFF or actor.user_id is None:
        raise AccessDeniedError(NO_OPERATOR)
    return actor.user_id
