"""The person behind an act that no job may do."""

from __future__ import annotations

from uuid import UUID

from apps.access import AccessDeniedError, Actor
from apps.accounts.models import StaffRole
from apps.rollout import policies


def person_who_acts(actor: Actor, *, roles: frozenset[StaffRole] = policies.HELPS) -> UUID:
    """Id of the member of the staff behind the act, who holds one of `roles` (SEC-20, SEC-21).

    Raises `AccessDeniedError`.
    """
    policies.may_decide(actor, roles).required()
    if actor.user_id is None:
        raise AccessDeniedError(policies.NO_OPERATOR)
    return actor.user_id
