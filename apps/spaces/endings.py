"""Closing one space: state, number, and the end of every right in it, in the caller's transaction (SPA-30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.access import Actor, Decision
from apps.audit.services import Fact, Line, record
from apps.common.references import new_reference
from apps.files import services as files
from apps.spaces.models import (
    CareConsent,
    Delegation,
    DelegationInvitation,
    HealthSpace,
    Representation,
    SpaceAdministrator,
)

REFERENCE = "CLO"
CLOSED = frozenset({HealthSpace.Status.CLOSED, HealthSpace.Status.DELETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Why a space closes, under which rule, by whom when there is no user, and whether its files go for good."""

    reason: HealthSpace.ClosureReason
    decision: Decision
    agent: str = ""
    destroys_keys: bool = False


def end_space(*, space: HealthSpace, actor: Actor, ending: Ending, at: datetime) -> str:
    """Close a locked space; returns its reference. A closed one keeps its date and its reference.

    Delegations, representations, consents, administrators and open invitations end at `at`; blocks stay, for the day it
    is opened again. Every request after the commit finds no open space (SEC-04).
    """
    destroyed = ending.destroys_keys and files.destroy_space_vault(space_id=space.id, at=at)
    if space.status in CLOSED:
        return space.closure_reference
    space.status, space.closed_at = HealthSpace.Status.CLOSED, at
    space.closure_reason, space.closure_reference = ending.reason, new_reference(REFERENCE)
    space.save(update_fields=["status", "closed_at", "closure_reason", "closure_reference"])
    facts: dict[str, Fact] = {"reason": ending.reason.value, "keys_destroyed": destroyed, **_end_rights(space, at)}
    line = Line(
        action="spaces.space.close",
        target=f"space:{space.id}",
        decision=ending.decision,
        actor_id=ending.agent,
        scope_id=space.id,
        facts=facts,
    )
    record(actor=actor, at=at, line=line)
    return space.closure_reference


def _end_rights(space: HealthSpace, at: datetime) -> dict[str, Fact]:
    """How many of each ended."""
    running = {"space": space, "ended_at": None}
    invitations = DelegationInvitation.objects.filter(space=space, answer="")
    return {
        "delegations": Delegation.objects.filter(**running).update(ended_at=at),
        "representations": Representation.objects.filter(**running).update(ended_at=at),
        "administrators": SpaceAdministrator.objects.filter(**running).update(ended_at=at),
        "consents": CareConsent.objects.filter(space=space, withdrawn_at=None).update(withdrawn_at=at),
        "invitations": invitations.update(answer=DelegationInvitation.Answer.WITHDRAWN, answered_at=at),
    }
