"""The report: proposal made of the grid, second reading, data-protection check, three people (RV-07, STO-57)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import subjects, transitions
from apps.store.criteria import Criterion
from apps.store.models import Candidacy, CandidacyEvent, Judgement
from apps.store.services import acting, apart, cases, judging
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import GuardError, Step

Verdict = Judgement.Verdict


class Proposal(StrEnum):
    """What the grid leads to; people may still think otherwise, the commission decides."""

    REFERENCE = "referencer"
    CONDITIONAL = "sous_condition"
    REFUSE = "refuser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The grid in figures. `open`: blocking criteria without a final verdict; `against`: blocking ones not met."""

    counts: Mapping[str, int]
    unjudged: int
    open: tuple[Criterion, ...]
    against: tuple[Criterion, ...]
    proposal: Proposal


def summary_of(candidacy: Candidacy, *, judgements: Mapping[str, Judgement]) -> Summary:
    """Read the grid of a dossier. No query."""
    applies = subjects.criteria_of(candidacy)
    said = {one.code: judgements[one.code].verdict for one in applies if one.code in judgements}
    blocking = [one for one in applies if one.is_blocking]
    against = tuple(one for one in blocking if said.get(one.code) == Verdict.NOT_CONFORM)
    unfinished = {None, Verdict.INCOMPLETE}
    is_reserved = any(verdict in {Verdict.RESERVATION, Verdict.NOT_CONFORM} for verdict in said.values())
    mild = Proposal.CONDITIONAL if is_reserved else Proposal.REFERENCE
    return Summary(
        counts=Counter(said.values()),
        unjudged=len(applies) - len(said),
        open=tuple(one for one in blocking if said.get(one.code) in unfinished),
        against=against,
        proposal=Proposal.REFUSE if against else mild,
    )


@transaction.atomic
def propose(*, actor: Actor, candidacy_id: UUID, text: str, seen: int, at: datetime) -> Candidacy:
    """The assessor hands the report to a second reader. `text`: synthesis in words.

    Raises `GuardError` ("criteria-open"), `WrongValueError`, `UnknownRowError`, `ChangedError`, `NotAssignedError`,
    `ConflictOfInterestError`, `AccessDeniedError`.
    """
    who, candidacy = _turn(actor, candidacy_id, Queue.ASSESSOR, seen)
    text = acting.needed(text, field="text")
    summary = summary_of(candidacy, judgements=judging.current_judgements(candidacy))
    if summary.open:
        raise GuardError(("criteria-open",))
    facts = {"proposal": summary.proposal.value}
    step = replace(_step(who, Queue.SECOND_READER, at, reason=text), reasons=("second-reading",), facts=facts)
    transitions.hand_over(candidacy, step, second_read_at=None, privacy_checked_at=None)
    cases.done(candidacy, actor=actor, act="report.propose", at=at)
    return candidacy


@transaction.atomic
def sign_second(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Candidacy:
    """A second assessor agrees; the report goes to the data-protection check.

    Raises as `propose`, `SamePersonError` also for whoever has given a verdict before.
    """
    who, candidacy = _turn(actor, candidacy_id, Queue.SECOND_READER, seen)
    apart.require(candidacy, user_id=who)
    step = _step(who, Queue.PRIVACY, at)
    transitions.hand_over(candidacy, step, second_reader_id=who, second_read_at=at)
    cases.done(candidacy, actor=actor, act="report.second_reading", at=at)
    return candidacy


@transaction.atomic
def sign_privacy(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Candidacy:
    """The data-protection check is done: the report is ready for the commission, in the name of its assessor (STO-57).

    Raises as `sign_second`, `GuardError`.
    """
    who, candidacy = _turn(actor, candidacy_id, Queue.PRIVACY, seen)
    apart.require(candidacy, user_id=who)
    signed = {"privacy_reader_id": who, "privacy_checked_at": at}
    for name, value in signed.items():
        setattr(candidacy, name, value)  # the guard looks at them
    proposed = last_proposal(candidacy)
    step = Step(
        event=Event.REPORT_READY, by=Party.ASSESSOR, actor=str(candidacy.assessor_id), at=at,
        reason=proposed.reason if proposed else "", facts=proposed.facts if proposed else {},
    )  # fmt: skip
    transitions.fire(candidacy, step, **signed)
    cases.done(candidacy, actor=actor, act="report.privacy", at=at)
    return candidacy


def last_proposal(candidacy: Candidacy) -> CandidacyEvent | None:
    """The event by which the assessor handed the report over last: its reason is the synthesis. One query."""
    return candidacy.events.filter(facts__has_key="proposal").order_by("-sequence").first()


@transaction.atomic
def send_back(*, actor: Actor, candidacy_id: UUID, reason: str, seen: int, at: datetime) -> Candidacy:
    """Second reader or data-protection reader give the report back to its assessor, with their reason.

    Raises `WrongValueError` without a reason, and as `sign_second`.
    """
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    queue = Queue.PRIVACY if candidacy.queue == Queue.PRIVACY else Queue.SECOND_READER
    who, candidacy = _turn(actor, candidacy_id, queue, seen)
    reason = acting.needed(reason, field="reason")
    step = replace(_step(who, Queue.ASSESSOR, at, reason=reason), reasons=("returned",))
    transitions.hand_over(candidacy, step, second_read_at=None, privacy_checked_at=None)
    cases.done(candidacy, actor=actor, act="report.return", at=at)
    return candidacy


def _turn(actor: Actor, candidacy_id: UUID, queue: Queue, seen: int) -> tuple[UUID, Candidacy]:
    return cases.case_to_act_on(
        actor=actor, candidacy_id=candidacy_id, queue=queue, status=Status.ASSESSMENT, seen=seen
    )


def _step(who: UUID, queue: Queue, at: datetime, *, reason: str = "") -> Step:
    return Step(event=Event.HAND_OVER, by=Party.ASSESSOR, actor=str(who), at=at, queue=queue, reason=reason)
