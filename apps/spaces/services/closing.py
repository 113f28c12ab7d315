"""Closing a space (SPA-30, SPA-31, SPA-36; decisions.md 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.spaces import policies
from apps.spaces.endings import Ending, end_space
from apps.spaces.models import HealthSpace
from apps.spaces.services.errors import SpaceNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What a receipt says: the number, the day and the reason."""

    reference: str
    closed_at: datetime
    reason: HealthSpace.ClosureReason


@transaction.atomic
def close_space(
    *,
    actor: Actor,
    space_id: UUID,
    reason: HealthSpace.ClosureReason,
    at: datetime,
    agent: str = "",
) -> Closure:
    """Close a space at once: nobody enters, reads or files any more, and every right in it ends (SPA-30).

    The content is kept ten years for a reopening (SPA-31), except after an opposition that was received in time and
    entered late: then the key of its files is destroyed in the same transaction (decisions.md 8). Closing twice gives
    the same number and the same date. `agent` names the operator when the actor is the system.
    Raises `SpaceNotFoundError` for no such space, `AccessDeniedError`. Source: CSP R1111-36.
    """
    decision = policies.may_close(actor, space_id, reason).required()
    space = HealthSpace.objects.select_for_update(of=("self",)).filter(pk=space_id).first()
    if space is None:
        raise SpaceNotFoundError
    late = reason == HealthSpace.ClosureReason.LATE_OPPOSITION
    ending = Ending(reason=reason, decision=decision, agent=agent, destroys_keys=late)
    end_space(space=space, actor=actor, ending=ending, at=at)
    return closure_of(space)


def closure_of(space: HealthSpace) -> Closure:
    """The receipt of a closed space. Raises `SpaceNotFoundError` when it is not closed."""
    if space.closed_at is None:
        raise SpaceNotFoundError
    return Closure(
        reference=space.closure_reference,
        closed_at=space.closed_at,
        reason=HealthSpace.ClosureReason(space.closure_reason),
    )
