"""Which automatic checks of a dossier have to run: one row each, in rounds (store.md 7)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from apps.store import subjects
from apps.store.checks import registry
from apps.store.models import Candidacy, CandidacyStep

Cause = CandidacyStep.Cause


def plan(*, candidacy: Candidacy, cause: Cause, at: datetime, asked_by: UUID | None = None) -> int:
    """Rows of a new round for a dossier that the caller has locked; steps of earlier rounds that still wait are ended.

    Returns the number of the round. The caller queues `tasks.advance` after the commit.
    """
    last = candidacy.steps.aggregate(last=Max("round"))["last"] or 0
    _give_way(candidacy, at)
    subject = subjects.subject_of(candidacy, at=at)
    rows = [
        CandidacyStep(
            candidacy=candidacy, kind=code, target=target, round=last + 1, cause=cause, asked_by_id=asked_by,
            asked_at=at, due_at=at, rule_version=registry.CHECKS[code].version,
        )
        for code, target in registry.runs_for(subject)
    ]  # fmt: skip
    CandidacyStep.objects.bulk_create(rows)
    return last + 1


def _give_way(candidacy: Candidacy, at: datetime) -> None:
    """What a new round asks anew need not be tried any more; a step that runs ends by itself."""
    candidacy.steps.filter(state=CandidacyStep.State.DUE).update(
        state=CandidacyStep.State.DONE, outcome=CandidacyStep.Outcome.SKIPPED, reason="newer-round", finished_at=at
    )
