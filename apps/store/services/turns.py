"""Whose turn a dossier is, for acts that need no assignment: delegates, desk, assessor after the opinion (L11)."""

from __future__ import annotations

from uuid import UUID

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.store.models import Candidacy
from apps.store.services import acting, apart, cases
from apps.store.states import Queue, Status
from apps.store.transitions import TransitionRefusedError


def take_turn(
    actor: Actor, *, candidacy_id: UUID, role: StaffRole, stay: tuple[Status, Queue | None], seen: int | None
) -> tuple[UUID, Candidacy]:
    """Who acts, and the dossier with its row locked, in the state and the queue of `stay` (any queue: None).

    Whoever it is assigned to acts alone; unassigned, it is for everybody of the role. Raises `AccessDeniedError`,
    `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `NotAssignedError`, `TransitionRefusedError`.
    """
    who = acting.reviewer_who_acts(actor, role)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    cases.require_declared(candidacy, user_id=who)
    status, queue = stay
    if candidacy.status != status or (queue is not None and candidacy.queue != queue):
        raise TransitionRefusedError(candidacy.status, "", role)
    if queue is not None and candidacy.assignee_id not in {None, who}:
        raise cases.NotAssignedError
    return who, candidacy


def require_not_judge(candidacy: Candidacy, *, user_id: UUID) -> None:
    """Nobody decides about what they have assessed or read again (STO-19). Raises `SamePersonError`."""
    apart.require(candidacy, user_id=user_id)
