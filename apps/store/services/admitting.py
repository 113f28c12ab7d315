"""Admissibility by the desk: the list, then accept, ask for missing pieces, or reject (RV-14, STO-50 to STO-54)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import reasons, transitions
from apps.store.models import AdmissibilityItem, Candidacy, Decision, Request
from apps.store.services import asking, cases, noticing
from apps.store.services.errors import WrongValueError
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import Step

DAYS = 30  # STO-51


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the desk says about one line of the list."""

    is_met: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Ground of law, facts, criteria: what the notice of an adverse decision needs (STO-11)."""

    ground: str
    facts: str
    criteria: tuple[str, ...] = ()


@transaction.atomic
def save_list(*, actor: Actor, candidacy_id: UUID, lines: Mapping[str, Line], seen: int, at: datetime) -> Candidacy:
    """Keep yes or no for the lines that are answered; the same line again replaces what stood there.

    Raises `UnknownRowError`, `ChangedError`, `NotAssignedError`, `ConflictOfInterestError`, `AccessDeniedError`.
    """
    who, candidacy = _turn(actor, candidacy_id, seen)
    for code, line in lines.items():
        if code not in reasons.ADMISSIBILITY:
            raise WrongValueError("item", code)
        values = {"is_met": line.is_met, "note": line.note.strip(), "by_id": who, "at": at}
        AdmissibilityItem.objects.update_or_create(candidacy=candidacy, item=code, defaults=values)
    met = sum(line.is_met for line in lines.values())
    cases.done(candidacy, actor=actor, act="case.check", at=at, facts={"lines": len(lines), "met": met})
    return candidacy


@transaction.atomic
def accept(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Candidacy:
    """All lines are yes: the dossier goes to the assessors (STO-50). Raises `GuardError` and as `save_list`."""
    who, candidacy = _turn(actor, candidacy_id, seen)
    transitions.fire(candidacy, Step(event=Event.ACCEPT, by=Party.DESK, actor=str(who), at=at))
    cases.done(candidacy, actor=actor, act="case.admit", at=at, facts={"outcome": "accept"})
    return candidacy


@transaction.atomic
def ask_missing(
    *, actor: Actor, candidacy_id: UUID, items: Mapping[str, str], text: str, seen: int, at: datetime
) -> Request:
    """Ask for what is missing, line by line, within thirty days (STO-51). Raises as `save_list`, `WrongValueError`."""
    who, candidacy = _turn(actor, candidacy_id, seen)
    wanted = {code: words.strip() for code, words in items.items() if words.strip()}
    if not wanted or not set(wanted) <= set(reasons.ADMISSIBILITY):
        raise WrongValueError("items", "missing")
    ask = asking.Ask(kind=Request.Kind.MISSING, text=text, days=DAYS, items=wanted)
    made = asking.open_request(candidacy, ask=ask, by=who, at=at)
    step = Step(event=Event.ASK, by=Party.DESK, actor=str(who), at=at, due_at=made.due_at, facts={"items": len(wanted)})
    transitions.fire(candidacy, step)
    cases.done(candidacy, actor=actor, act="case.admit", at=at, facts={"outcome": "ask", "items": len(wanted)})
    return made


@transaction.atomic
def reject(*, actor: Actor, candidacy_id: UUID, why: Rejection, seen: int, at: datetime) -> Decision:
    """Outside the field or the purposes: a reasoned decision, open to an appeal for two months (STO-54, STO-11).

    Its notice is kept with it. Raises as `save_list`, `WrongValueError` for a missing ground or missing facts,
    `StoreUnavailableError`.
    """
    who, candidacy = _turn(actor, candidacy_id, seen)
    if why.ground not in reasons.GROUNDS or not why.facts.strip():
        raise WrongValueError("facts", "missing")
    decision = Decision.objects.create(
        candidacy=candidacy, kind=Decision.Kind.INADMISSIBLE, ground=why.ground, facts=why.facts.strip(),
        criteria=list(why.criteria), decided_by_id=who, decided_at=at,
    )  # fmt: skip
    transitions.fire(candidacy, Step(event=Event.REJECT, by=Party.DESK, actor=str(who), at=at))
    noticing.notify(decision=decision, at=at)
    cases.done(candidacy, actor=actor, act="case.admit", at=at, facts={"outcome": "reject"})
    return decision


def _turn(actor: Actor, candidacy_id: UUID, seen: int) -> tuple[UUID, Candidacy]:
    return cases.case_to_act_on(
        actor=actor, candidacy_id=candidacy_id, queue=Queue.DESK, status=Status.ADMISSIBILITY, seen=seen
    )
