"""Complements: criteria « à compléter », a text each, days to answer; our clock stands meanwhile (RV-06, STO-55)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import clocks, transitions
from apps.store.models import Candidacy, Judgement, Request, RequestItem
from apps.store.services import cases
from apps.store.services.errors import WrongValueError
from apps.store.states import Event, Party, Queue, Status, Term
from apps.store.transitions import Step

DAYS = (15, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked for: a text for each criterion, or for each line of the desk's list."""

    kind: Request.Kind
    text: str
    days: int
    items: Mapping[str, str]


@transaction.atomic
def ask_complements(*, actor: Actor, candidacy_id: UUID, ask: Ask, seen: int, at: datetime) -> Request:
    """Ask about criteria that are to be completed, three rounds at most.

    After the commit the publisher gets one mail. Raises `UnknownRowError`, `ChangedError`, `NotAssignedError`,
    `ConflictOfInterestError`, `GuardError` ("three-rounds"), `WrongValueError`, `AccessDeniedError`.
    """
    who, candidacy = cases.case_to_act_on(
        actor=actor, candidacy_id=candidacy_id, queue=Queue.ASSESSOR, status=Status.ASSESSMENT, seen=seen
    )
    if ask.days not in DAYS:
        raise WrongValueError("days", str(ask.days))
    if not ask.items or not set(ask.items) <= set(to_complete(candidacy)):
        raise WrongValueError("items", "missing")
    made = open_request(candidacy, ask=ask, by=who, at=at)
    facts = {"round": made.round, "items": len(ask.items), "days": ask.days}
    step = Step(event=Event.ASK, by=Party.ASSESSOR, actor=str(who), at=at, due_at=made.due_at, facts=facts)
    transitions.fire(candidacy, step, rounds=candidacy.rounds + 1)
    cases.done(candidacy, actor=actor, act="case.ask", at=at, facts=facts)
    return made


def to_complete(candidacy: Candidacy) -> dict[str, Judgement]:
    """Criteria whose verdict is « to be completed », by code, in the order of their codes."""
    rows = candidacy.judgements.filter(is_current=True, verdict=Judgement.Verdict.INCOMPLETE).order_by("criterion")
    return {row.criterion: row for row in rows}


def open_request(candidacy: Candidacy, *, ask: Ask, by: UUID, at: datetime) -> Request:
    """Rows of a request, inside the transaction of the act that asks."""
    number = candidacy.requests.filter(kind=ask.kind).count() + 1
    made = Request.objects.create(
        candidacy=candidacy, kind=ask.kind, round=number, text=ask.text.strip(), days=ask.days, asked_by_id=by,
        asked_at=at, due_at=clocks.end_of(Term(number=ask.days), since=at),
    )  # fmt: skip
    field = "criterion" if ask.kind == Request.Kind.COMPLEMENT else "item"
    RequestItem.objects.bulk_create(
        RequestItem(request=made, text=words, **{field: code}) for code, words in ask.items.items()
    )
    return made
