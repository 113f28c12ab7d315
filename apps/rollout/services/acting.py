"""The person behind an act that no job may do."""

from __future__ import annotations

from uuid import UUID

from apps.access import AccessDeniedError, Actor, Role
from apps.rollout import policies


def person_who_acts(actor: Actor) -> UUID:
    """Id of the member of the staff behind the act: what people decide, no job decides (SEC-20).

    Raises `AccessDeniedError`.
    """
    if actor.role is not Role.STAFF or actor.user_id is None:
        raise AccessDeniedError(policies.NO_OPERATOR)
    return actor.user_id
