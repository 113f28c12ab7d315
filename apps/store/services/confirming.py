"""The second person of a refusal: confirms it, or sends it back with a reason (RV-08, decisions.md 26)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.tasks import enqueue
from apps.store import tasks, transitions
from apps.store.models import Candidacy, Decision
from apps.store.services import acting, noticing, turns
from apps.store.services.errors import SamePersonError, UnknownRowError
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import Step

TO_CONFIRM = (Status.OPINION, Queue.CONFIRMER)


@transaction.atomic
def confirm_refusal(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Decision:
    """Confirm: the dossier is refused and the notice leaves.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `NotAssignedError`,
    `SamePersonError` for whoever proposed it, assessed or read the dossier, `TransitionRefusedError`,
    `StoreUnavailableError`.
    """
    who, candidacy, decision = _confirming(actor, candidacy_id, seen)
    decision.confirmed_by_id, decision.confirmed_at = who, at
    decision.save(update_fields=["confirmed_by", "confirmed_at"])
    step = Step(
        event=Event.DECIDE_REFUSE, by=Party.DELEGATE, actor=str(who), at=at, facts={"decision": str(decision.pk)}
    )
    transitions.fire(candidacy, step)
    noticing.notify(decision=decision, at=at)
    _traced(actor, decision, "confirm", at)
    enqueue(tasks.send_mails)
    return decision


@transaction.atomic
def return_refusal(*, actor: Actor, candidacy_id: UUID, reason: str, seen: int, at: datetime) -> Decision:
    """Do not confirm: the delegates decide anew, and see why. Raises as `confirm_refusal`, and `WrongValueError`."""
    who, candidacy, decision = _confirming(actor, candidacy_id, seen)
    reason = acting.needed(reason, field="reason")
    decision.returned_by_id, decision.returned_at, decision.return_reason = who, at, reason
    decision.save(update_fields=["returned_by", "returned_at", "return_reason"])
    step = Step(
        event=Event.HAND_OVER, by=Party.DELEGATE, actor=str(who), at=at, queue=Queue.DELEGATE, reason=reason,
        reasons=("returned",), facts={"decision": str(decision.pk)},
    )  # fmt: skip
    transitions.hand_over(candidacy, step)
    _traced(actor, decision, "return", at)
    return decision


def proposed(candidacy: Candidacy) -> Decision | None:
    """The refusal that waits for its second person."""
    waiting = Decision.objects.filter(
        candidacy=candidacy, kind=Decision.Kind.REFUSE, confirmed_at=None, returned_at=None
    )
    found = waiting.order_by("-decided_at", "-id").first()
    if found is not None:
        found.candidacy = candidacy
    return found


def _confirming(actor: Actor, candidacy_id: UUID, seen: int) -> tuple[UUID, Candidacy, Decision]:
    who, candidacy = turns.take_turn(
        actor, candidacy_id=candidacy_id, role=StaffRole.DELEGATE, stay=TO_CONFIRM, seen=seen
    )
    turns.require_not_judge(candidacy, user_id=who)
    decision = proposed(candidacy)
    if decision is None:
        raise UnknownRowError
    if decision.decided_by_id == who:
        raise SamePersonError("decided_by")
    return who, candidacy, decision


def _traced(actor: Actor, decision: Decision, act: str, at: datetime) -> None:
    acting.trace(
        actor=actor, act=f"decision.{act}", publisher_id=decision.candidacy.publisher_id,
        target=f"decision:{decision.pk}", at=at, facts={"kind": decision.kind},
    )  # fmt: skip
