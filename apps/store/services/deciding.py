"""Decisions of the minister's delegate after the opinion of the commission (RV-08, STO-60 to STO-62)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.tasks import enqueue
from apps.store import clocks, tasks, transitions
from apps.store.models import AgendaItem, Candidacy, Decision
from apps.store.services import acting, agreeing, lifting, noticing, turns
from apps.store.services.errors import WrongValueError
from apps.store.states import DOSSIER, Event, Party, Queue, Status
from apps.store.transitions import Step

Kind = Decision.Kind
TO_DECIDE = (Status.OPINION, Queue.DELEGATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """What the notice says. `ground`: codes of `reasons.GROUNDS` with commas between; `signatory`: name, capacity."""

    ground: str
    facts: str
    signatory: str
    criteria: tuple[str, ...] = ()


@transaction.atomic
def accept(*, actor: Actor, candidacy_id: UUID, reasons: Reasons, seen: int, at: datetime) -> Decision:
    """Decide in favour: the notice leaves and the agreement is drawn up in the same transaction.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `NotAssignedError`,
    `SamePersonError` for whoever assessed or read the dossier, `GuardError` (opinion not favourable, suspensive
    reservation open), `TransitionRefusedError`, `WrongValueError`, `StoreUnavailableError`.
    """
    who, candidacy = _deciding(actor, candidacy_id, seen)
    decision = _keep(candidacy, Kind.ACCEPT, reasons, who, at)
    _fire(candidacy, Event.DECIDE_ACCEPT, decision, who, at)
    noticing.notify(decision=decision, at=at)
    agreeing.make_agreement(candidacy=candidacy, at=at)
    _traced(actor, decision, "decide", at)
    return decision


@transaction.atomic
def require_lift(*, actor: Actor, candidacy_id: UUID, reasons: Reasons, seen: int, at: datetime) -> Decision:
    """Decide in favour once the suspensive reservations are lifted: the publisher has until their last day, ninety
    days at most. Raises as `accept`.
    """
    who, candidacy = _deciding(actor, candidacy_id, seen)
    decision = _keep(candidacy, Kind.REQUIRE_LIFT, reasons, who, at)
    _fire(candidacy, Event.REQUIRE_LIFT, decision, who, at, due_at=_last_day(candidacy, at))
    noticing.notify(decision=decision, at=at)
    _traced(actor, decision, "decide", at)
    return decision


@transaction.atomic
def propose_refusal(*, actor: Actor, candidacy_id: UUID, reasons: Reasons, seen: int, at: datetime) -> Decision:
    """Refuse, as far as one person can: another delegate confirms within five working days before anything leaves.

    Raises as `accept`.
    """
    who, candidacy = _deciding(actor, candidacy_id, seen)
    decision = _keep(candidacy, Kind.REFUSE, reasons, who, at)
    step = Step(
        event=Event.HAND_OVER, by=Party.DELEGATE, actor=str(who), at=at, queue=Queue.CONFIRMER,
        reasons=("refusal-proposed",), facts={"decision": str(decision.pk)},
    )  # fmt: skip
    transitions.hand_over(candidacy, step)
    _traced(actor, decision, "propose", at)
    return decision


def possible(candidacy: Candidacy, *, opinion: AgendaItem | None) -> tuple[Kind, ...]:
    """Decisions that the opinion leaves open, the usual one first."""
    if opinion is None or opinion.opinion == AgendaItem.Opinion.UNFAVOURABLE:
        return (Kind.REFUSE,)
    is_open = lifting.open_ones(candidacy).exists()
    return (Kind.REQUIRE_LIFT, Kind.REFUSE) if is_open else (Kind.ACCEPT, Kind.REFUSE)


def draft(candidacy: Candidacy, *, kind: Kind, reasons: Reasons, who: UUID, at: datetime) -> Decision:
    """The decision as it would be kept, for its preview."""
    return Decision(
        candidacy=candidacy, kind=kind, ground=reasons.ground, facts=reasons.facts.strip(),
        signatory=reasons.signatory.strip(), criteria=list(reasons.criteria), decided_by_id=who, decided_at=at,
        assessor_id=candidacy.assessor_id, second_reader_id=candidacy.second_reader_id,
    )  # fmt: skip


def _deciding(actor: Actor, candidacy_id: UUID, seen: int) -> tuple[UUID, Candidacy]:
    who, candidacy = turns.take_turn(
        actor, candidacy_id=candidacy_id, role=StaffRole.DELEGATE, stay=TO_DECIDE, seen=seen
    )
    turns.require_not_judge(candidacy, user_id=who)
    return who, candidacy


def _keep(candidacy: Candidacy, kind: Kind, reasons: Reasons, who: UUID, at: datetime) -> Decision:
    decision = draft(candidacy, kind=kind, reasons=reasons, who=who, at=at)
    if not decision.ground.strip():
        raise WrongValueError("ground", "missing")
    if not decision.facts:
        raise WrongValueError("facts", "missing")
    if not decision.signatory:
        raise WrongValueError("signatory", "missing")
    decision.save(force_insert=True)
    return decision


def _fire(
    candidacy: Candidacy, event: Event, decision: Decision, who: UUID, at: datetime, *, due_at: datetime | None = None
) -> None:
    step = Step(
        event=event, by=Party.DELEGATE, actor=str(who), at=at, due_at=due_at, facts={"decision": str(decision.pk)}
    )
    transitions.fire(candidacy, step)
    enqueue(tasks.send_mails)


def _last_day(candidacy: Candidacy, at: datetime) -> datetime | None:
    """The last day that the commission has set; the usual term when it is further away or over."""
    days = lifting.open_ones(candidacy)
    last = days.order_by("-due_on", "id").values_list("due_on", flat=True).first()
    usual = clocks.end_of(DOSSIER.stays[Status.RESERVATIONS].terms[Queue.PUBLISHER], since=at)
    wanted = clocks.last_second(last) if last is not None else usual
    return wanted if at < wanted < usual else usual


def _traced(actor: Actor, decision: Decision, act: str, at: datetime) -> None:
    acting.trace(
        actor=actor, act=f"decision.{act}", publisher_id=decision.candidacy.publisher_id,
        target=f"decision:{decision.pk}", at=at, facts={"kind": decision.kind},
    )  # fmt: skip
