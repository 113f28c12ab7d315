"""Verdicts of the assessor, criterion by criterion, every version kept (RV-04, STO-29, L10, S34)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from apps.access import Actor
from apps.audit.services import Fact
from apps.store import reasons, subjects
from apps.store.models import Candidacy, Judgement
from apps.store.services import cases
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError
from apps.store.states import Queue, Status

Verdict = Judgement.Verdict
JUDGED = "judged"
# A verdict against the publisher, or that asks something of them, says why (L10).
NEEDS_WORDS = frozenset({Verdict.NOT_CONFORM, Verdict.RESERVATION, Verdict.INCOMPLETE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the assessor says: `note` goes to the publisher, `internal` stays; `reason`: canned reason it began with."""

    verdict: Verdict
    note: str = ""
    internal: str = ""
    reason: str = ""


@transaction.atomic
def judge(*, actor: Actor, candidacy_id: UUID, criterion: str, opinion: Opinion, seen: int, at: datetime) -> Judgement:
    """Keep a verdict as a new version. `seen`: version that the page has shown, 0 for none.

    The same verdict in the same words again makes no version. Raises `UnknownRowError` also for a criterion that does
    not apply, `ChangedError` when somebody has judged it since, `NotAssignedError`, `ConflictOfInterestError`,
    `WrongValueError` for missing words, `AccessDeniedError`.
    """
    who, candidacy = cases.case_to_act_on(
        actor=actor, candidacy_id=candidacy_id, queue=Queue.ASSESSOR, status=Status.ASSESSMENT
    )
    _require_words(opinion)
    if criterion not in {one.code for one in subjects.criteria_of(candidacy)}:
        raise UnknownRowError
    current = candidacy.judgements.filter(criterion=criterion, is_current=True).first()
    if (current.version if current else 0) != seen:
        raise ChangedError(event=JUDGED, actor=str(current.by_id) if current else "", at=current.at if current else at)
    if current is not None and _same(current, opinion):
        return current
    made = _keep(candidacy, criterion, opinion, current, by=who, at=at)
    facts: dict[str, Fact] = {"criterion": criterion, "verdict": str(opinion.verdict), "version": made.version}
    cases.done(candidacy, actor=actor, act="criterion.judge", at=at, facts=facts)
    return made


def current_judgements(candidacy: Candidacy) -> dict[str, Judgement]:
    """The verdict that stands for each criterion, by code: one query."""
    rows = candidacy.judgements.filter(is_current=True).select_related("by__identity").order_by("criterion")
    return {row.criterion: row for row in rows}


def _require_words(opinion: Opinion) -> None:
    if opinion.verdict in NEEDS_WORDS and not opinion.note.strip():
        raise WrongValueError("note", "missing")
    if opinion.reason and opinion.reason not in reasons.JUDGEMENT:
        raise WrongValueError("reason", opinion.reason)


def _same(current: Judgement, opinion: Opinion) -> bool:
    words = (current.verdict, current.note, current.internal)
    return not current.by_timeout and words == (opinion.verdict, opinion.note.strip(), opinion.internal.strip())


def _keep(
    candidacy: Candidacy, criterion: str, opinion: Opinion, current: Judgement | None, *, by: UUID, at: datetime
) -> Judgement:
    if current is not None:
        current.is_current = False
        current.save(update_fields=["is_current"])
    # None may be current although there are versions: a link to the publisher has come up, it is judged anew.
    last = candidacy.judgements.filter(criterion=criterion).aggregate(version=Max("version"))["version"] or 0
    return Judgement.objects.create(
        candidacy=candidacy, criterion=criterion, version=last + 1,
        verdict=opinion.verdict, note=opinion.note.strip(), internal=opinion.internal.strip(), reason=opinion.reason,
        by_id=by, at=at,
    )  # fmt: skip
